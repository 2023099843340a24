import { AsyncLocalStorage } from 'node:async_hooks';
import { PassThrough, type Readable } from 'node:stream';
import { UploadError } from './upload-error.ts';

/**
 * The body of a `PATCH`, which goes past @tus/server: through it, each byte would pass six more streams, whose buffers are
 * half a MiB for each upload that comes. @tus/server gets an empty body that ends with the real one; so it keeps its order of
 * things, and can still end what it handles.
 */
export class PatchBody {
  static readonly #current = new AsyncLocalStorage<PatchBody>();
  /** for @tus/server */
  readonly empty: ReadableStream<Uint8Array>;
  readonly #request: Readable;
  readonly #bytes = new PassThrough();
  #endEmpty = () => {};

  /** @param request whose bytes these are; it is left as it is when they are not wanted any more, so that it can be answered */
  constructor(request: Readable) {
    this.#request = request;
    this.empty = new ReadableStream({
      start: (controller) => {
        this.#endEmpty = () => controller.close();
      },
    });
    // Who reads the bytes hears of it all the same.
    this.#bytes.on('error', () => {});
  }

  /** The body of the `PATCH` that @tus/server handles where this is called. */
  static get current(): PatchBody | undefined {
    return PatchBody.#current.getStore();
  }

  /** Runs what handles the request; the body is gone afterwards. */
  async during<Value>(handle: () => Promise<Value>): Promise<Value> {
    const request = this.#request;
    const over = () => {
      if (!request.readableEnded) this.#bytes.destroy(new UploadError('bad-request'));
      this.#end();
    };
    request.once('close', over).once('end', over).pipe(this.#bytes);
    if (request.destroyed) over();
    try {
      return await PatchBody.#current.run(this, handle);
    } finally {
      request.off('close', over).off('end', over).unpipe(this.#bytes);
      this.#bytes.destroy();
      this.#end();
    }
  }

  /** @param shadow what @tus/server made of `empty`: where that ends first, no more bytes are wanted */
  bytesUntil(shadow: Readable): Readable {
    shadow
      .once('end', () => {
        this.#request.unpipe(this.#bytes);
        this.#bytes.end();
      })
      .resume();
    return this.#bytes;
  }

  #end(): void {
    this.#endEmpty();
    this.#endEmpty = () => {};
  }
}
