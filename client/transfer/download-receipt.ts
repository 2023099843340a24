import { asOnehopError } from '../errors/onehop-error.ts';
import type { ErrorReason } from '../errors/error-reason.ts';
import type { ShareKeys } from '../share/share-keys.ts';
import type { UploadApi } from '../upload/upload-api.ts';

/** Pauses between attempts, in milliseconds: ten minutes in all. */
const PAUSES_MS = [500, 1_000, 2_000, 4_000, 8_000, ...Array<number>(39).fill(15_000)];

/** What may work by itself a little later. */
const PASSING: ReadonlySet<ErrorReason> = new Set([
  'upload-unreachable',
  'server-error',
  'too-many-requests',
]);

/** Confirms a download to the server, and tries again: it counts only then. It outlives its source. */
export class DownloadReceipt {
  readonly #api: UploadApi;
  readonly #keys: ShareKeys;
  #sent: Promise<void> | null = null;

  constructor(api: UploadApi, keys: ShareKeys) {
    this.#api = api;
    this.#keys = keys;
  }

  /** Ends when it was taken, or never will be; at once before `send`. */
  get sent(): Promise<void> {
    return this.#sent ?? Promise.resolve();
  }

  /** Sends it, once. */
  send(claim: string): void {
    this.#sent ??= this.#try(claim);
  }

  async #try(claim: string): Promise<void> {
    for (const pause of [...PAUSES_MS, 0]) {
      try {
        await this.#api.sendReceipt(this.#keys, claim, new AbortController().signal);
        return;
      } catch (error) {
        // A server that knows neither claim nor upload any more has counted what it could.
        if (!PASSING.has(asOnehopError(error).reason)) return;
      }
      await new Promise((resolve) => {
        setTimeout(resolve, pause);
      });
    }
  }
}
