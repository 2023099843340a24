import type { DownloadCommand, DownloadEvent } from './download-messages.ts';
import { DownloadWork } from './download-work.ts';

const work = new DownloadWork(
  (event: DownloadEvent, transfer) => postMessage(event, { transfer }),
  (input, init) => fetch(input, init),
);

addEventListener('message', ({ data }: MessageEvent<DownloadCommand>) => work.take(data));
