import { uploadMetadataSchema } from '../../signaling/protocol/uploads.ts';
import * as v from 'valibot';
import type { ErrorReason } from '../errors/error-reason.ts';
import { encodeBase64url } from '../encoding/base64url.ts';
import { joinParts } from '../integrity/verify-piece.ts';
import { encodePreface } from '../sealing/preface.ts';
import { sealRecord } from '../sealing/record.ts';
import { type UploadLayout, layOutUpload, recordPlace } from '../sealing/upload-layout.ts';
import { type Manifest, digestManifest } from '../share/manifest.ts';
import { type NumberSet, fullNumberSet } from '../share/number-set.ts';
import { type ShareKeys, deriveShareKeys, deriveStorageKey } from '../share/share-keys.ts';
import { Fetch, type SourceFeed } from '../transfer/fetch.ts';
import type { KeptPiece } from '../transfer/receipt.ts';
import { Receipt } from '../transfer/receipt.ts';
import { ServerSource } from '../transfer/server-source.ts';
import type { Selection } from '../transfer/source.ts';
import type { FetchLimits } from '../upload/download-messages.ts';
import { RecordStream } from '../upload/record-stream.ts';
import { UploadApi } from '../upload/upload-api.ts';
import { layoutMetadata, termsMetadata } from '../upload/upload-http.ts';
import { makeManifest } from './make-manifest.ts';
import { MemoryStore } from './memory-store.ts';
import { MEMORY_ORIGIN, MemoryUploadServer } from './memory-upload-server.ts';
import { OriginalReader } from './original-reader.ts';
import { seededRandom } from './random.ts';
import { downloadThreads } from './upload-threads.ts';

/** The receiver's name in these tests. */
export const RECEIVER = 'A'.repeat(16);

/** Short pauses; what ends a download is far longer than a busy machine takes. */
export const QUICK: Partial<FetchLimits> = {
  pausesMs: [1, 2, 5],
  giveUpMs: 15_000,
  silentMs: 10_000,
  lookMs: 15,
};

/** A share, its upload and a server in memory. */
export interface UploadWorld {
  readonly server: MemoryUploadServer;
  readonly api: UploadApi;
  readonly manifest: Manifest;
  readonly layout: UploadLayout;
  readonly originals: readonly Uint8Array<ArrayBuffer>[];
  readonly reader: OriginalReader;
  readonly secret: Uint8Array<ArrayBuffer>;
  readonly keys: ShareKeys;
  readonly salt: Uint8Array<ArrayBuffer>;
  readonly digest: string;
  /** the owner key */
  readonly owner: Uint8Array<ArrayBuffer>;
  /** Seals the share and puts it on the server. @param offset how much of it has come */
  upload(offset?: number, downloads?: number): Promise<void>;
}

/** A share of files of these sizes; nothing of it is on the server yet. */
export async function createUploadWorld(sizes: readonly number[], seed = 1): Promise<UploadWorld> {
  const random = seededRandom(seed);
  const originals = sizes.map((size) => random.bytes(size));
  const manifest = makeManifest(...sizes);
  const [secret, salt, owner] = [random.bytes(16), random.bytes(16), random.bytes(32)];
  const keys = await deriveShareKeys(secret);
  const server = new MemoryUploadServer();
  const preface = encodePreface(manifest);
  const layout = layOutUpload(manifest, preface.length);
  const reader = new OriginalReader(manifest, originals, {
    onFileFailed: () => {},
    onBroken: () => {},
  });
  const seal = async () => {
    const key = await deriveStorageKey(secret, salt);
    const hashes = async (first: number, end: number) => {
      const pieces = Array.from({ length: end - first }, (_, index) => first + index);
      const read = await Promise.all(pieces.map((piece) => reader.read(piece, false)));
      return joinParts(read.map(({ hash }) => hash));
    };
    const supply = { take: (piece: number) => reader.read(piece, false), hashes };
    const stream = new RecordStream(layout, preface, supply);
    const records: Uint8Array[] = [];
    for (let index = 0; index < layout.recordCount; index += 1) {
      const place = recordPlace(layout.streamBytes, index);
      records.push(...(await sealRecord(key, place, await stream.read(index))));
    }
    return joinParts(records);
  };
  return {
    server,
    api: new UploadApi(MEMORY_ORIGIN, server.fetch),
    manifest,
    layout,
    originals,
    reader,
    secret,
    keys,
    salt,
    digest: encodeBase64url(await digestManifest(manifest)),
    owner,
    upload: async (offset, downloads = 0) => {
      const terms = { keys, lifetimeSeconds: 3_600, downloadLimit: downloads };
      const metadata = {
        ...(await termsMetadata(terms, salt, owner)),
        ...layoutMetadata(layout),
      };
      server.put(v.parse(uploadMetadataSchema, metadata), await seal(), offset);
    },
  };
}

/** A receiver that fetches from the world's server. */
export class ServerReceiver {
  readonly #world: UploadWorld;
  readonly #limits: Partial<FetchLimits>;
  readonly #files: NumberSet;
  readonly store: MemoryStore;
  readonly fetch: Fetch;
  readonly source: ServerSource;
  /** what was told of note, in order */
  readonly told: string[] = [];
  /** the pieces that came from the server, in order */
  readonly arrived: number[] = [];
  closed: ErrorReason | null = null;
  manifest: Manifest | null = null;
  #feed: SourceFeed | null = null;

  constructor(
    world: UploadWorld,
    options: {
      readonly files?: NumberSet;
      readonly kept?: readonly KeptPiece[];
      readonly limits?: Partial<FetchLimits>;
    } = {},
  ) {
    this.#world = world;
    this.#limits = { ...QUICK, ...options.limits };
    this.#files = options.files ?? fullNumberSet(world.manifest.entries.length);
    this.store = new MemoryStore(world.manifest.entries.map(({ size }) => size));
    const receipt = new Receipt(world.manifest, this.#files, this.store, options.kept);
    this.fetch = new Fetch(receipt, this.#files, {
      onProgress: () => {},
      onFilesFailed: (files, reason) => this.told.push(`${files.join()} ${reason}`),
      onTrouble: (reason) => this.told.push(`trouble ${reason}`),
      onChecking: () => this.told.push('checking'),
      onDone: () => this.told.push('done'),
      onFailed: (reason) => this.told.push(`failed ${reason}`),
    });
    this.source = this.#open();
  }

  get done(): boolean {
    return this.told.includes('done');
  }

  #open(): ServerSource {
    const { api, secret, keys, server } = this.#world;
    const openThread = downloadThreads(server);
    const source: ServerSource = new ServerSource(
      { api, secret, keys, openThread, limits: this.#limits },
      {
        onOpened: () => source.fetchManifest(),
        onManifest: (manifest) => {
          this.manifest = manifest;
          source.select(this.#selection());
          this.#feed = this.fetch.addSource(source);
        },
        onPiece: (piece) => {
          this.arrived.push(piece.piece);
          this.#feed?.piece(piece);
        },
        onUnavailable: (file, reason) => this.#feed?.unavailable(file, reason),
        onPaused: () => {},
        onClaim: () => {},
        onRoot: (root) => this.#feed?.root(root),
        onClosed: (reason) => {
          this.closed = reason;
          this.#feed?.closed();
        },
      },
    );
    return source;
  }

  #selection(): Selection {
    const { manifest, digest } = this.#world;
    return { manifest, digest, files: this.#files, receiver: RECEIVER };
  }
}
