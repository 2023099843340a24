import type { DownloadCommand, DownloadEvent } from '../upload/download-messages.ts';
import { DownloadWork } from '../upload/download-work.ts';
import type { UploadCommand, UploadEvent } from '../upload/upload-messages.ts';
import { UploadWork } from '../upload/upload-work.ts';
import type { OpenThread, Thread, ThreadListener } from '../worker/thread.ts';
import type { MemoryUploadServer } from './memory-upload-server.ts';
import { MemoryHttpStack } from './memory-http-stack.ts';

/** How many threads of these tests are open. */
export const openThreads = { count: 0 };

interface Work<Command> {
  take(command: Command): void;
  close(): void;
}

/** What a worker does, done on this thread: messages go as copies, in later tasks, as between two threads. */
function openInline<Command, Event>(
  listener: ThreadListener<Event>,
  start: (tell: (event: Event, transfer?: Transferable[]) => void) => Work<Command>,
): Thread<Command> {
  let closed = false;
  const { port1, port2 } = new MessageChannel();
  const work = start((event, transfer = []) => port2.postMessage(event, transfer));
  port1.addEventListener('message', ({ data }: MessageEvent<Event>) => {
    if (!closed) listener.onEvent(data);
  });
  port2.addEventListener('message', ({ data }: MessageEvent<Command>) => work.take(data));
  port1.start();
  port2.start();
  openThreads.count += 1;
  return {
    post: (command, transfer = []) => port1.postMessage(command, transfer),
    close: () => {
      if (closed) return;
      closed = true;
      openThreads.count -= 1;
      work.close();
      port1.close();
    },
  };
}

/** Download threads that read from this server. */
export function downloadThreads(
  server: MemoryUploadServer,
): OpenThread<DownloadCommand, DownloadEvent> {
  return (listener) => openInline(listener, (tell) => new DownloadWork(tell, server.fetch));
}

/** Upload threads that send to this server. */
export function uploadThreads(server: MemoryUploadServer): OpenThread<UploadCommand, UploadEvent> {
  return (listener) =>
    openInline(listener, (tell) => new UploadWork(tell, new MemoryHttpStack(server)));
}
