import type { ErrorReason } from '../errors/error-reason.ts';

/** What a thread tells the page that opened it. */
export interface ThreadListener<Event> {
  onEvent(event: Event): void;
  /** it can do nothing any more */
  onBroken(reason: ErrorReason): void;
}

/** A worker that takes commands and tells events, each side when it likes; where a call has one answer there is `WorkerCaller`. */
export interface Thread<Command> {
  /** @param transfer what is handed over and not copied */
  post(command: Command, transfer?: Transferable[]): void;
  /** Ends it at once; nothing more is told. */
  close(): void;
}

/** Opens a thread. */
export type OpenThread<Command, Event> = (listener: ThreadListener<Event>) => Thread<Command>;

/** A worker as a thread. It is closed by `close`. */
export function openWorkerThread<Command, Event>(
  worker: Worker,
  listener: ThreadListener<Event>,
): Thread<Command> {
  let told = false;
  let closed = false;
  const close = () => {
    closed = true;
    worker.terminate();
  };
  const onBroken = () => {
    if (closed) return;
    close();
    // One that never told anything may never have been loaded.
    listener.onBroken(told ? 'unexpected' : 'script-missing');
  };
  worker.addEventListener('message', ({ data }: MessageEvent<Event>) => {
    told = true;
    if (!closed) listener.onEvent(data);
  });
  worker.addEventListener('messageerror', onBroken);
  worker.addEventListener('error', onBroken);
  return { post: (command, transfer = []) => worker.postMessage(command, transfer), close };
}
