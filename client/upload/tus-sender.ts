import { type DetailedError, type HttpStack, Upload } from 'tus-js-client';
import type { ErrorReason } from '../errors/error-reason.ts';
import { asOnehopError } from '../errors/onehop-error.ts';
import { SEALED_RECORD_BYTES } from '../sealing/record.ts';
import { failureOf } from './upload-failure.ts';

/** How much is sent by one request, and at most again after a loss: whole records, about 16 MiB. Measured: bench/README.md. */
export const PART_BYTES = 64 * SEALED_RECORD_BYTES;

/** What a sender waits for, in milliseconds. */
export interface SendLimits {
  /** without any progress it fails after this long */
  readonly giveUpMs: number;
  /** a request on which nothing moves for this long is made anew: a network that went may never say so */
  readonly stallMs: number;
  /** how often it looks at the clock */
  readonly lookMs: number;
  /** pauses between attempts; the last one is repeated */
  readonly pausesMs: readonly number[];
}

/** What a page's sender waits for. */
export const SEND_LIMITS: SendLimits = {
  giveUpMs: 600_000,
  stallMs: 45_000,
  lookMs: 5_000,
  pausesMs: [250, 500, 1_000, 2_000, 4_000, 8_000, 15_000],
};

/** What is sent. */
export interface SendPlan {
  /** where uploads are created, absolute */
  readonly endpoint: string;
  /** of the upload where it exists; null where it is to be created */
  readonly url: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly source: { readonly size: number; slice(start: number, end: number): Promise<Blob> };
  readonly partBytes: number;
  readonly limits: SendLimits;
  /** in place of the browser's XMLHttpRequest */
  readonly httpStack?: HttpStack;
}

/** What a sender tells. After `onComplete` or `onFailed` comes nothing more. */
export interface SendListener {
  /** it exists, at `url`; @returns where it is to be sent to */
  onCreated(url: string): string;
  /** @param sent bytes that have left; fewer than before where a part is sent again @param stored bytes that the server has */
  onProgress(sent: number, stored: number): void;
  /** nothing goes for now, for this reason, and it is tried again; null: it goes on */
  onWaiting(reason: ErrorReason | null): void;
  onComplete(): void;
  onFailed(reason: ErrorReason): void;
}

/** Sends an upload by tus 1.0.0, part by part, and goes on by itself after losses. The only user of tus-js-client. */
export class TusSender {
  readonly #plan: SendPlan;
  readonly #listener: SendListener;
  #url: string | null;
  #upload: Upload | null = null;
  #watch: ReturnType<typeof setInterval> | undefined;
  #ended = false;
  #stored = 0;
  #sent = 0;
  #furthest = 0;
  /** when it got further than before */
  #progressAt = 0;
  /** when anything moved */
  #movedAt = 0;
  #slicing = 0;
  #fault: ErrorReason | null = null;
  #waitingFor: ErrorReason | null = null;

  /** Nothing happens before `start`. */
  constructor(plan: SendPlan, listener: SendListener) {
    this.#plan = plan;
    this.#listener = listener;
    this.#url = plan.url;
  }

  /** Begins, or goes on after `pause`. */
  start(): void {
    if (this.#ended || this.#upload !== null) return;
    this.#progressAt = performance.now();
    this.#watch = setInterval(() => this.#look(), this.#plan.limits.lookMs);
    this.#begin();
  }

  /** Ends the request that runs; the upload stays on the server. */
  pause(): void {
    clearInterval(this.#watch);
    this.#drop();
  }

  /** Ends for good; the upload stays on the server. */
  close(): void {
    this.#ended = true;
    this.pause();
  }

  /** A fresh one each time: what an aborted one still waits for must not go on with the next. */
  #begin(): void {
    const { endpoint, metadata, headers, partBytes, limits, httpStack, source } = this.#plan;
    this.#movedAt = performance.now();
    const last = limits.pausesMs.at(-1) ?? 1_000;
    const repeated = Array<number>(Math.ceil(limits.giveUpMs / Math.max(1, last))).fill(last);
    // What is sent comes from the file reader; the library wants something in its place.
    const upload: Upload = new Upload(new Blob(), {
      // Without an endpoint the library cannot make another upload where this one is gone.
      endpoint: this.#url === null ? endpoint : null,
      uploadUrl: this.#url,
      uploadSize: source.size,
      metadata: { ...metadata },
      headers: { ...headers },
      chunkSize: partBytes,
      retryDelays: [...limits.pausesMs, ...repeated],
      storeFingerprintForResuming: false,
      fingerprint: () => Promise.resolve(''),
      fileReader: {
        openFile: () => Promise.resolve(this.#sourceOf(() => this.#upload === upload)),
      },
      ...(httpStack === undefined ? {} : { httpStack }),
      onUploadUrlAvailable: () => this.#onUrl(upload),
      onProgress: (sent) => this.#onSent(upload, sent),
      onChunkComplete: (_size, stored) => this.#onStored(upload, stored),
      onSuccess: () => this.#onComplete(upload),
      onShouldRetry: (error) => this.#mayRetry(upload, error),
      onError: (error) => this.#onError(upload, error),
    });
    this.#upload = upload;
    upload.start();
  }

  #drop(): void {
    const upload = this.#upload;
    this.#upload = null;
    upload?.abort().catch(() => {});
  }

  #sourceOf(isCurrent: () => boolean) {
    const slice = async (start: number, end: number) => {
      this.#slicing += 1;
      try {
        const value = await this.#plan.source.slice(start, end);
        if (isCurrent()) return { value, done: end >= this.#plan.source.size };
      } catch (error) {
        this.#fault ??= asOnehopError(error).reason;
        throw error;
      } finally {
        this.#slicing -= 1;
        this.#movedAt = performance.now();
      }
      // Its request was ended; an answer would have the library send it none the less.
      return await new Promise<never>(() => {});
    };
    return { size: this.#plan.source.size, slice, close: () => {} };
  }

  #onUrl(upload: Upload): void {
    if (this.#upload !== upload || upload.url === null) return;
    this.#movedAt = performance.now();
    if (this.#url !== null) return;
    try {
      this.#url = this.#listener.onCreated(upload.url);
      upload.url = this.#url;
      upload.options.endpoint = null;
    } catch (error) {
      this.#fail(asOnehopError(error).reason);
    }
  }

  #onSent(upload: Upload, sent: number): void {
    if (this.#upload !== upload) return;
    if (sent !== this.#sent) this.#movedAt = performance.now();
    this.#sent = sent;
    this.#note(sent);
  }

  #onStored(upload: Upload, stored: number): void {
    if (this.#upload !== upload) return;
    this.#stored = stored;
    this.#movedAt = performance.now();
    this.#note(stored);
  }

  #note(reached: number): void {
    if (reached > this.#furthest) {
      this.#progressAt = performance.now();
      this.#wait(null);
    }
    this.#furthest = Math.max(reached, this.#furthest);
    this.#listener.onProgress(this.#sent, this.#stored);
  }

  #onComplete(upload: Upload): void {
    if (this.#upload !== upload) return;
    this.#stored = this.#plan.source.size;
    this.#note(this.#stored);
    this.close();
    this.#listener.onComplete();
  }

  #mayRetry(upload: Upload, error: DetailedError): boolean {
    if (this.#upload !== upload || this.#fault !== null || this.#late) return false;
    this.#movedAt = performance.now();
    const { reason, passing } = failureOf(responseOf(error));
    if (passing) this.#wait(reason);
    return passing;
  }

  #wait(reason: ErrorReason | null): void {
    if (reason === this.#waitingFor) return;
    this.#waitingFor = reason;
    this.#listener.onWaiting(reason);
  }

  #onError(upload: Upload, error: Error | DetailedError): void {
    if (this.#upload !== upload) return;
    this.#fail('originalResponse' in error ? failureOf(responseOf(error)).reason : 'unexpected');
  }

  get #late(): boolean {
    return performance.now() - this.#progressAt >= this.#plan.limits.giveUpMs;
  }

  /** No wait is without an end. */
  #look(): void {
    if (this.#late) {
      this.#fail('upload-unreachable');
      return;
    }
    const still = performance.now() - this.#movedAt >= this.#plan.limits.stallMs;
    if (!still || this.#slicing > 0) return;
    this.#wait('upload-unreachable');
    this.#drop();
    this.#begin();
  }

  #fail(reason: ErrorReason): void {
    this.close();
    this.#listener.onFailed(this.#fault ?? reason);
  }
}

function responseOf(
  error: DetailedError,
): { readonly status: number; readonly body: string } | null {
  const response = error.originalResponse;
  if (response === null || response.getStatus() === 0) return null;
  return { status: response.getStatus(), body: response.getBody() };
}
