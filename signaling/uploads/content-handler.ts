import type { Request, Response } from 'express';
import type { Clock } from '../clock.ts';
import { bearer } from './bearer.ts';
import { readRange, type ContentRange } from './content-range.ts';
import type { LiveUpload } from './live-upload.ts';
import { sendContent } from './send-content.ts';
import { UploadError } from './upload-error.ts';
import type { UploadRegistry } from './upload-registry.ts';
import type { UploadStore } from './upload-store.ts';

export interface ContentHandlerDeps {
  readonly registry: UploadRegistry;
  readonly store: UploadStore;
  readonly clock: Clock;
}

interface Access {
  readonly live: LiveUpload;
  readonly range: ContentRange;
  readonly release: () => void;
}

/** `GET` and `HEAD` of a share's bytes. */
export async function answerContent(
  request: Request,
  response: Response,
  share: string,
  { registry, store, clock }: ContentHandlerDeps,
): Promise<void> {
  const { live, range, release } = openAccess(request, response, share, registry);
  try {
    writeHead(response, live, range);
    if (request.method === 'HEAD') {
      response.end();
      return;
    }
    const reader = await store.reader(live.upload.id);
    try {
      await sendTo(response, (signal) =>
        sendContent(response, live, reader, range, { clock, signal }),
      );
    } finally {
      await reader.close();
    }
  } finally {
    release();
  }
}

/** The preface is for everyone with the link; all else is for who has a claim. */
function openAccess(
  request: Request,
  response: Response,
  share: string,
  registry: UploadRegistry,
): Access {
  const secret = bearer(request) ?? '';
  const live = registry.admitted(share, secret);
  response.set('Content-Range', `bytes */${live.upload.length}`);
  const range = readRange(request.headers.range, live.upload.length);
  const isPreface = range.last < live.upload.preface;
  if (isPreface || request.method === 'HEAD') {
    if (!isPreface) registry.claimed(share, secret);
    return { live, range, release: () => {} };
  }
  return { range, ...registry.use(share, secret) };
}

function writeHead(
  response: Response,
  { upload }: LiveUpload,
  { first, last }: ContentRange,
): void {
  response.status(206).set({
    'Content-Type': 'application/octet-stream',
    'Content-Disposition': 'attachment',
    'Content-Length': String(last - first + 1),
    'Content-Range': `bytes ${first}-${last}/${upload.length}`,
  });
}

/** Runs `send` until it is done or its reader has gone. */
async function sendTo(
  response: Response,
  send: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const gone = new AbortController();
  const leave = () => gone.abort(new UploadError('bad-request'));
  response.once('close', leave);
  // It may have gone while the range was looked up.
  if (response.destroyed) leave();
  response.flushHeaders();
  try {
    await send(gone.signal);
    response.end();
  } finally {
    response.off('close', leave);
  }
}
