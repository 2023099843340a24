import { randomBytes } from 'node:crypto';
import type { Request, Response } from 'express';
import * as v from 'valibot';
import { PROBE_MOST_BYTES, probeQuerySchema } from '../protocol/uploads.ts';
import { sendValue } from './api-answer.ts';
import { UploadError } from './upload-error.ts';

/** How many probes an address may make in a minute. */
export const PROBES_PER_MINUTE = 120;
/** How many probes run at once, at most. */
export const MAX_PROBES = 64;
/** Of those, from one address. */
export const MAX_PROBES_PER_ADDRESS = 8;
/** How long a probe may take, in milliseconds. */
export const PROBE_MS = 10_000;

let noise: Buffer | undefined;

/** `POST`: takes what comes, and drops it. @throws UploadError when it is too long, or does not come whole */
export async function takeProbe(request: Request, response: Response): Promise<void> {
  const { 'content-type': type, 'content-length': length = '0' } = request.headers;
  if (type !== 'application/octet-stream') throw new UploadError('wrong-type');
  if (Number(length) > PROBE_MOST_BYTES) throw new UploadError('upload-too-large');
  await inTime(response, dropBody(request));
  sendValue(response, null);
}

/** `GET`: as many bytes as are asked for, which no compression on the way makes fewer. @throws UploadError when they are none or too many */
export async function giveProbe(request: Request, response: Response): Promise<void> {
  const query = v.safeParse(probeQuerySchema, request.query);
  if (!query.success) throw new UploadError('bad-request');
  const { bytes } = query.output;
  response.status(200).set({
    'Content-Type': 'application/octet-stream',
    'Content-Disposition': 'attachment',
    'Content-Length': String(bytes),
  });
  // Made when somebody asks for the first time: most servers start without anyone who does.
  noise ??= randomBytes(PROBE_MOST_BYTES);
  await inTime(response, sendWhole(response, noise.subarray(0, bytes)));
}

async function dropBody(request: Request): Promise<void> {
  let length = 0;
  try {
    // A body that is too long is not ended here, so that its page can be answered.
    const chunks: AsyncIterable<Uint8Array> = request.iterator({ destroyOnReturn: false });
    for await (const chunk of chunks) {
      length += chunk.length;
      if (length > PROBE_MOST_BYTES) break;
    }
  } catch (thrown) {
    throw new UploadError('bad-request', { cause: thrown });
  }
  if (length > PROBE_MOST_BYTES) throw new UploadError('upload-too-large');
}

/** Resolves once the system has the bytes, or their reader has gone. */
async function sendWhole(response: Response, bytes: Uint8Array): Promise<void> {
  await new Promise<void>((resolve) => {
    response.once('close', () => resolve()).end(bytes);
  });
}

/** Waits for a probe, and ends one that takes too long together with its connection. */
async function inTime(response: Response, probe: Promise<void>): Promise<void> {
  let cut: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    cut = setTimeout(() => {
      response.destroy();
      reject(new UploadError('bad-request'));
    }, PROBE_MS);
  });
  try {
    await Promise.race([probe, late]);
  } finally {
    clearTimeout(cut);
  }
}
