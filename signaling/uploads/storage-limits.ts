import { UploadError } from './upload-error.ts';

export interface StorageLimitSettings {
  readonly maxUploadBytes: number;
  readonly maxStoredBytes: number;
  readonly minFreeBytes: number;
  readonly maxUploads: number;
}

/** Counts the bytes of all uploads as they are in the store, and holds them under the operator's limits. */
export class StorageLimits {
  readonly #settings: StorageLimitSettings;
  readonly #freeBytes: () => Promise<number>;
  #stored = 0;

  constructor(settings: StorageLimitSettings, freeBytes: () => Promise<number>) {
    this.#settings = settings;
    this.#freeBytes = freeBytes;
  }

  get storedBytes(): number {
    return this.#stored;
  }

  /**
   * Whether a new upload of `length` bytes could be taken as things are, when `replaced` bytes go for it.
   *
   * @throws UploadError `upload-too-large` or `server-storage-full`
   */
  async admit(length: number, replaced: number, uploads: number): Promise<void> {
    const { maxUploadBytes, maxStoredBytes, maxUploads } = this.#settings;
    if (length > maxUploadBytes) throw new UploadError('upload-too-large');
    if (uploads >= maxUploads || this.#stored - replaced + length > maxStoredBytes) {
      throw new UploadError('server-storage-full');
    }
    await this.checkDisk(length - replaced);
  }

  /** @throws UploadError `server-storage-full` when the disk would not keep enough free with `bytes` more on it */
  async checkDisk(bytes: number): Promise<void> {
    if ((await this.#freeBytes()) - bytes < this.#settings.minFreeBytes) {
      throw new UploadError('server-storage-full');
    }
  }

  /** Counts bytes that are written. @throws UploadError `server-storage-full` when there would be too many */
  take(bytes: number): void {
    if (this.#stored + bytes > this.#settings.maxStoredBytes) {
      throw new UploadError('server-storage-full');
    }
    this.#stored += bytes;
  }

  /** Counts bytes that earlier runs left, whatever the limits are now. */
  add(bytes: number): void {
    this.#stored += bytes;
  }

  /** Bytes are not there any more. */
  give(bytes: number): void {
    this.#stored -= bytes;
  }
}
