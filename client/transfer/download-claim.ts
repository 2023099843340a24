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

/** A receiver's place among the downloads of an upload: confirmed once it has everything, or given back. It outlives its source. */
export class DownloadClaim {
  readonly token: string;
  readonly #api: UploadApi;
  readonly #keys: ShareKeys;
  #confirmed: Promise<boolean> | null = null;

  constructor(api: UploadApi, keys: ShareKeys, token: string) {
    this.#api = api;
    this.#keys = keys;
    this.token = token;
  }

  /** Whether the server has counted the download, or never will; false where that could not be found out. At once before `confirm`. */
  get counted(): Promise<boolean> {
    return this.#confirmed ?? Promise.resolve(false);
  }

  /** Tells the server that everything is here, once, and tries again: the download counts only then. */
  confirm(): void {
    this.#confirmed ??= this.#send();
  }

  /** Leaves the place to another receiver, unless the download was confirmed. Where that fails it lapses by itself. */
  giveBack(): void {
    if (this.#confirmed !== null) return;
    const { signal } = new AbortController();
    this.#api.giveClaimBack(this.#keys, this.token, signal).catch(() => {});
  }

  async #send(): Promise<boolean> {
    for (const pause of [...PAUSES_MS, 0]) {
      try {
        await this.#api.sendReceipt(this.#keys, this.token, new AbortController().signal);
        return true;
      } catch (error) {
        // A server that knows neither claim nor upload any more has counted what it could.
        if (!PASSING.has(asOnehopError(error).reason)) return true;
      }
      await new Promise((resolve) => {
        setTimeout(resolve, pause);
      });
    }
    return false;
  }
}
