import type { Manifest, PiecePlace } from '../share/manifest.ts';
import { WorkerCaller } from '../worker/worker-caller.ts';
import { CallBatch } from './call-batch.ts';
import type { DeflateCalls, TriedPiece } from './deflate-calls.ts';
import { type DeflateChoice, FRESH_CHOICE, chooseDeflate, noteDeflated } from './deflate-choice.ts';
import { UNSAMPLED_BYTES, isCompressed } from './deflate-samples.ts';
import type { EncodedPiece } from './encoded-piece.ts';
import { UNKNOWN_LINK, linkBytesPerSecond, noteSent } from './link-rate.ts';

/** What is smaller travels in one or two packets anyway, and costs more than that to deflate. */
export const SMALLEST_DEFLATED_BYTES = 2 * 1024;

/** A piece in the form it is to travel in. */
type Form = Pick<EncodedPiece, 'form' | 'bytes'>;

/** Files about which one decision is made: a file, or small files of one kind. */
interface Kind {
  choice: DeflateChoice;
  /** resolved once what was to be found out before is */
  readonly sampled: Promise<void>;
}

/** What is known of a piece that was encoded before, so that it is encoded the same again. */
const KNOWN = { nothing: 0, plain: 1, deflated: 2 } as const;

/** Starts the thread that deflates. */
export function startDeflateThread(): Worker {
  return new Worker(new URL('deflate.worker.ts', import.meta.url), {
    type: 'module',
    name: 'deflate',
  });
}

/** Deflates pieces in a worker where that pays, and decides where it does. */
export class Deflater {
  readonly #manifest: Manifest;
  readonly #files: readonly (File | null)[];
  readonly #startThread: () => Worker;
  readonly #kinds = new Map<string | number, Kind>();
  readonly #known: Uint8Array;
  readonly #batch = new CallBatch<Uint8Array<ArrayBuffer>, TriedPiece>(
    (pieces) =>
      this.#start().call(
        'deflate',
        { pieces },
        pieces.map(({ buffer }) => buffer),
      ),
    ({ length }) => length,
  );
  #worker: WorkerCaller<DeflateCalls> | null = null;
  #link = UNKNOWN_LINK;
  /** it could not be loaded, broke, or was closed: then everything goes as it is */
  #ended = false;

  /** @param files by their number in the manifest */
  constructor(
    manifest: Manifest,
    files: readonly (File | null)[],
    startThread: () => Worker = startDeflateThread,
  ) {
    this.#manifest = manifest;
    this.#files = files;
    this.#startThread = startThread;
    this.#known = new Uint8Array(manifest.pieceCount);
  }

  /** Begins with what the first piece would have to wait for: the worker, and the samples of the first file. */
  prepare(): void {
    const first = this.#manifest.entries.findIndex(({ size }) => size > 0);
    if (this.#kindOf(first) !== null) this.#start();
  }

  /** Notes that so many bytes of pieces were put into a channel. */
  noteSent(bytes: number): void {
    this.#link = noteSent(this.#link, bytes, performance.now());
  }

  /**
   * A piece in the form in which it is best sent. Takes `bytes` for itself.
   * @param piece in the share's numbering
   * @returns null where the bytes were lost with the worker: from now on it deflates nothing
   */
  async encode(
    piece: number,
    place: PiecePlace,
    bytes: Uint8Array<ArrayBuffer>,
  ): Promise<Form | null> {
    const kind = this.#kindOf(place.file);
    const tries = kind !== null && (await this.#tries(piece, place, kind));
    if (!tries) {
      this.#known[piece] = KNOWN.plain;
      return { form: 'plain', bytes };
    }
    try {
      const tried = await this.#batch.call(bytes);
      kind.choice = noteDeflated(kind.choice, tried.cost);
      this.#known[piece] = KNOWN[tried.form];
      return tried;
    } catch {
      this.#ended = true;
      return null;
    }
  }

  /** Ends the worker; afterwards everything goes as it is. */
  close(): void {
    this.#ended = true;
    this.#worker?.terminate();
  }

  #start(): WorkerCaller<DeflateCalls> {
    this.#worker ??= new WorkerCaller<DeflateCalls>(this.#startThread(), 'unexpected');
    return this.#worker;
  }

  async #tries(piece: number, { length }: PiecePlace, kind: Kind): Promise<boolean> {
    if (length < SMALLEST_DEFLATED_BYTES || this.#known[piece] === KNOWN.plain) return false;
    await kind.sampled;
    const known = this.#known[piece];
    if (this.#ended || known !== KNOWN.nothing) return !this.#ended && known === KNOWN.deflated;
    const { choice, tries } = chooseDeflate(kind.choice, linkBytesPerSecond(this.#link));
    kind.choice = choice;
    return tries;
  }

  /** @returns null where nothing of the file is ever deflated */
  #kindOf(file: number): Kind | null {
    const entry = this.#manifest.entries[file];
    const source = this.#files[file] ?? null;
    if (this.#ended || entry === undefined || source === null || isCompressed(entry)) return null;
    const small = entry.size <= UNSAMPLED_BYTES;
    const key = small ? entry.path.slice(entry.path.lastIndexOf('.')) : file;
    const known = this.#kinds.get(key);
    if (known !== undefined) return known;
    const kind: Kind = {
      choice: FRESH_CHOICE,
      sampled: small ? Promise.resolve() : this.#sample(source, (choice) => (kind.choice = choice)),
    };
    this.#kinds.set(key, kind);
    return kind;
  }

  async #sample(file: File, onChoice: (choice: DeflateChoice) => void): Promise<void> {
    const cost = await this.#start()
      .call('sample', { file })
      .catch(() => null);
    if (cost !== null) onChoice(noteDeflated(FRESH_CHOICE, cost));
  }
}
