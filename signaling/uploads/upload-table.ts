import type { LiveUpload } from './live-upload.ts';

/** The uploads that are here, by id and by share. */
export class UploadTable {
  readonly #byId = new Map<string, LiveUpload>();
  readonly #byShare = new Map<string, LiveUpload>();

  get size(): number {
    return this.#byId.size;
  }

  all(): readonly LiveUpload[] {
    return [...this.#byId.values()];
  }

  get(id: string): LiveUpload | undefined {
    return this.#byId.get(id);
  }

  ofShare(share: string): LiveUpload | undefined {
    return this.#byShare.get(share);
  }

  add(live: LiveUpload): void {
    this.#byId.set(live.upload.id, live);
    this.#byShare.set(live.upload.share, live);
  }

  /** Whether it was there. */
  delete(live: LiveUpload): boolean {
    const { id, share } = live.upload;
    if (this.#byShare.get(share) === live) this.#byShare.delete(share);
    return this.#byId.delete(id);
  }
}
