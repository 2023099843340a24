import { randomBytes } from 'node:crypto';
import { Server } from '@tus/server';
import type { Request as ExpressRequest, Response as ExpressResponse } from 'express';
import * as v from 'valibot';
import type { Log } from '../log.ts';
import { failure } from '../protocol/result.ts';
import type { UploadErrorCode } from '../protocol/upload-error-code.ts';
import { uploadFailureSchema, uploadIdSchema, UPLOADS_PATH } from '../protocol/uploads.ts';
import { codeOf, endBody, sendFailure } from './api-answer.ts';
import { bearer } from './bearer.ts';
import { PatchBody } from './patch-body.ts';
import { TusStore } from './tus-store.ts';
import { UploadError } from './upload-error.ts';
import { UploadLocker } from './upload-locker.ts';
import type { UploadRegistry } from './upload-registry.ts';

const VERSION = '1.0.0';
const BODY_TYPE = 'application/offset+octet-stream';

/** How long a request that another one takes the place of may still write what it has, in milliseconds. */
const DRAIN_MS = 500;

/** What @tus/server gets to see of a request, and what a page gets to see of its answer. */
const REQUEST_HEADERS = [
  'tus-resumable',
  'upload-length',
  'upload-defer-length',
  'upload-metadata',
  'upload-concat',
  'upload-offset',
];
const BODY_HEADERS = ['content-type', 'content-length'];
const RESPONSE_HEADERS = [
  'location',
  'tus-resumable',
  'tus-version',
  'tus-extension',
  'tus-max-size',
  'upload-offset',
  'upload-length',
  'upload-metadata',
];

export interface TusHandlerDeps {
  readonly registry: UploadRegistry;
  readonly log: Log;
  readonly maxUploadBytes: number;
}

/** The tus protocol, by @tus/server: it speaks, the registry decides. */
export class TusHandler {
  readonly #registry: UploadRegistry;
  readonly #tus: Server;

  constructor({ registry, log, maxUploadBytes }: TusHandlerDeps) {
    this.#registry = registry;
    this.#tus = new Server({
      path: UPLOADS_PATH,
      datastore: new TusStore(registry),
      locker: new UploadLocker(),
      lockDrainTimeout: DRAIN_MS,
      maxSize: maxUploadBytes,
      relativeLocation: true,
      namingFunction: () => randomBytes(16).toString('base64url'),
      getFileIdFromRequest: (_, lastPath) => lastPath,
      onResponseError: (_, thrown) => {
        const code =
          thrown instanceof Error ? codeOf(thrown, log) : codeOfStatus(thrown.status_code);
        return { status_code: 500, body: JSON.stringify(failure(code)) };
      },
    });
  }

  /** Answers a request for `UPLOADS_PATH`, or for one upload below it. */
  async handle(request: ExpressRequest, response: ExpressResponse, id?: string): Promise<void> {
    this.#check(request, id);
    const answer = await this.#answer(request, id);
    if (request.socket.destroyed) return;
    if (answer.status >= 400) {
      sendFailure(response, failureCode(answer.status, await answer.text()));
      return;
    }
    for (const name of RESPONSE_HEADERS) {
      const value = answer.headers.get(name);
      if (value !== null) response.set(name, value);
    }
    this.#sayExpiry(response, id ?? answer.headers.get('location')?.split('/').at(-1));
    response.status(answer.status).end();
    endBody(response);
  }

  async #answer(request: ExpressRequest, id: string | undefined): Promise<Response> {
    if (request.method !== 'PATCH') return await this.#tus.handleWeb(webRequest(request, id));
    const body = new PatchBody(request);
    return await body.during(() => this.#tus.handleWeb(webRequest(request, id, body.empty)));
  }

  /** What @tus/server does not look at, or would answer in words of its own. */
  #check(request: ExpressRequest, id: string | undefined): void {
    const { method, headers } = request;
    if (method === 'OPTIONS') return;
    if (id !== undefined && !this.#registry.isOwner(id, bearer(request) ?? '')) {
      throw new UploadError('upload-not-found');
    }
    if (headers['tus-resumable'] !== VERSION) throw new UploadError('wrong-version');
    if (method === 'PATCH' && headers['content-type'] !== BODY_TYPE) {
      throw new UploadError('wrong-type');
    }
  }

  #sayExpiry(response: ExpressResponse, id: string | undefined): void {
    if (!v.is(uploadIdSchema, id) || response.req.method === 'DELETE') return;
    response.set('Upload-Expires', new Date(this.#registry.get(id).upload.expiresAt).toUTCString());
  }
}

function webRequest(
  request: ExpressRequest,
  id: string | undefined,
  body?: ReadableStream<Uint8Array>,
): Request {
  const { method } = request;
  const headers = new Headers();
  for (const name of [...REQUEST_HEADERS, ...(body === undefined ? [] : BODY_HEADERS)]) {
    const value = request.headers[name];
    if (typeof value === 'string') headers.set(name, value);
  }
  const url = `http://localhost${UPLOADS_PATH}${id === undefined ? '' : `/${id}`}`;
  if (body === undefined) return new Request(url, { method, headers });
  return new Request(url, { method, headers, body, duplex: 'half' });
}

function failureCode(status: number, body: string): UploadErrorCode {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), uploadFailureSchema), body);
  return parsed.success ? parsed.output.error.code : codeOfStatus(status);
}

/** What @tus/server means by its own errors. */
function codeOfStatus(status: number): UploadErrorCode {
  switch (status) {
    case 404:
    case 410:
      return 'upload-not-found';
    case 409:
      return 'wrong-offset';
    case 412:
      return 'wrong-version';
    case 413:
      return 'upload-too-large';
    case 400:
    case 403:
    case 501:
      return 'bad-request';
    default:
      return 'server-error';
  }
}
