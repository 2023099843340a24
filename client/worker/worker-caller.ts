import type { ErrorReason } from '../errors/error-reason.ts';
import { OnehopError } from '../errors/onehop-error.ts';
import type { CallMap, ReplyMessage } from './call-protocol.ts';

interface Pending {
  readonly resolve: (reply: never) => void;
  readonly reject: (error: OnehopError) => void;
}

/** Calls into a worker of ours and waits for its answers. Every pending call ends when the worker does. */
export class WorkerCaller<Calls extends CallMap> {
  readonly #worker: Worker;
  readonly #failure: ErrorReason;
  readonly #pending = new Map<number, Pending>();
  #calls = 0;
  /** a worker that never answered may never have been loaded */
  #answered = false;
  #ended = false;

  /** @param failure what it is called when the worker itself breaks */
  constructor(worker: Worker, failure: ErrorReason) {
    this.#worker = worker;
    this.#failure = failure;
    worker.addEventListener('message', (event: MessageEvent<ReplyMessage<never>>) =>
      this.#onReply(event.data),
    );
    worker.addEventListener('messageerror', (event) =>
      this.#end(new OnehopError(failure, { cause: event })),
    );
    worker.addEventListener('error', (event) => this.#onError(event));
  }

  /**
   * @param transfer what is handed over and not copied
   * @throws {OnehopError} with the reason that the worker gave
   */
  call<Name extends keyof Calls & string>(
    name: Name,
    request: Calls[Name]['request'],
    transfer: Transferable[] = [],
  ): Promise<Calls[Name]['reply']> {
    return new Promise((resolve, reject) => {
      if (this.#ended) {
        reject(new OnehopError(this.#failure));
        return;
      }
      this.#calls += 1;
      try {
        this.#worker.postMessage({ id: this.#calls, name, request }, transfer);
        this.#pending.set(this.#calls, { resolve, reject });
      } catch (cause) {
        reject(new OnehopError(this.#failure, { cause }));
      }
    });
  }

  /** Ends the worker at once; calls that wait are rejected. */
  terminate(): void {
    this.#end(new OnehopError(this.#failure));
  }

  #onError(cause: unknown): void {
    this.#end(new OnehopError(this.#answered ? this.#failure : 'script-missing', { cause }));
  }

  #onReply(message: ReplyMessage<never>): void {
    this.#answered = true;
    const pending = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if (message.ok) pending?.resolve(message.reply);
    else pending?.reject(new OnehopError(message.reason));
  }

  #end(error: OnehopError): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#worker.terminate();
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }
}
