import type { UploadCommand } from './upload-messages.ts';
import { UploadWork } from './upload-work.ts';

const work = new UploadWork((event) => postMessage(event));

addEventListener('message', ({ data }: MessageEvent<UploadCommand>) => work.take(data));
