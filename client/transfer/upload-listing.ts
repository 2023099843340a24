import type { UploadSummary } from '../../signaling/protocol/uploads.ts';
import { OnehopError } from '../errors/onehop-error.ts';
import { MAX_PREFACE_BYTES, decodePreface } from '../sealing/preface.ts';
import { SEALED_RECORD_BYTES } from '../sealing/record.ts';
import {
  type UploadLayout,
  layOutUpload,
  sealedLength,
  streamLength,
} from '../sealing/upload-layout.ts';
import { type Manifest, digestManifest } from '../share/manifest.ts';
import type { Cut } from '../upload/download-messages.ts';

/** An id below all pieces, for the list of files. */
export const PREFACE_ID = -1;

/** What is known of an upload once its list of files was read. */
export interface Listed {
  readonly manifest: Manifest;
  readonly layout: UploadLayout;
  /** the manifest's digest */
  readonly digest: Uint8Array<ArrayBuffer>;
}

/** The list of an upload's files: asked for once, and checked when it is here. */
export class UploadListing {
  /** settles when the list is here */
  readonly listed: Promise<Listed>;
  #pass: (listed: Listed) => void = () => {};
  #asked = false;
  #layout: UploadLayout | null = null;

  constructor() {
    this.listed = new Promise((resolve) => {
      this.#pass = resolve;
    });
  }

  /** Where everything lies; null before the list is here. */
  get layout(): UploadLayout | null {
    return this.#layout;
  }

  /** What is to be read for it; null where that was asked for already. @param sealedPreface its length as the server says, in bytes */
  ask(sealedPreface: number): Cut | null {
    if (this.#asked) return null;
    this.#asked = true;
    return { id: PREFACE_ID, start: 0, end: streamLength(sealedPreface) ?? 0 };
  }

  /**
   * Takes the list. @param sealedBytes how long the upload is as the server says
   * @throws {OnehopError} `manifest-invalid`, or `upload-damaged` where its files make another length
   */
  async take(preface: Uint8Array<ArrayBuffer>, sealedBytes: number): Promise<void> {
    const manifest = decodePreface(preface);
    const layout = layOutUpload(manifest, preface.length);
    if (layout.sealedBytes !== sealedBytes) throw new OnehopError('upload-damaged');
    this.#layout = layout;
    this.#pass({ manifest, layout, digest: await digestManifest(manifest) });
  }
}

/** How long the upload's stream is. @throws {OnehopError} where the upload cannot be one of ours */
export function checkSummary({ length, unit, preface }: UploadSummary): number {
  if (unit !== SEALED_RECORD_BYTES) throw new OnehopError('protocol-mismatch');
  if (preface > sealedLength(MAX_PREFACE_BYTES)) throw new OnehopError('manifest-invalid');
  const streamBytes = streamLength(length);
  const wholeRecords = preface > 0 && preface % SEALED_RECORD_BYTES === 0 && preface <= length;
  if (streamBytes === null || !wholeRecords) throw new OnehopError('upload-damaged');
  return streamBytes;
}
