import type { Response } from 'express';
import type { Log } from '../log.ts';
import { describeError } from '../log.ts';
import { failure, success } from '../protocol/result.ts';
import { UPLOAD_ERROR_STATUS, type UploadErrorCode } from '../protocol/upload-error-code.ts';
import { UploadError } from './upload-error.ts';

/** How long the rest of a refused request's body may still come, for its page to read the answer, in milliseconds. */
const REST_MS = 30_000;

/** The headers of every answer below `/api`: nothing here is a page, and nothing is to be kept. */
export const API_HEADERS = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "sandbox; default-src 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
} as const;

/** Answers with a value. */
export function sendValue(response: Response, value: unknown): void {
  response.status(200).json(success(value));
}

/** Answers with an error, and lets go of a page that goes on sending. */
export function sendFailure(response: Response, code: UploadErrorCode): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.status(UPLOAD_ERROR_STATUS[code]).json(failure(code));
  endBody(response);
}

/** Takes the rest of the request's body and drops it, and cuts the connection if it does not end soon. */
export function endBody({ req: request }: Response): void {
  if (request.complete) return;
  // Node leaves lying what somebody has begun to read, and browsers read no answer before they have sent everything.
  request.removeAllListeners('data');
  request.resume();
  const cut = setTimeout(() => request.socket.destroy(), REST_MS);
  const keep = () => clearTimeout(cut);
  request.once('end', keep).once('close', keep);
}

/** The code that a page is told of what was thrown; what nobody foresaw is logged. */
export function codeOf(thrown: unknown, log: Log): UploadErrorCode {
  if (thrown instanceof UploadError) return thrown.code;
  log.error(`a request about an upload failed: ${describeError(thrown)}`);
  return 'server-error';
}
