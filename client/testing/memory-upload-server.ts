import * as v from 'valibot';
import {
  type UploadErrorCode,
  UPLOAD_ERROR_STATUS,
} from '../../signaling/protocol/upload-error-code.ts';
import {
  type UploadMetadata,
  type UploadSummary,
  SHARES_PATH,
  UPLOADS_PATH,
  claimRequestSchema,
  uploadMetadataSchema,
} from '../../signaling/protocol/uploads.ts';
import { decodeBase64url, encodeBase64url } from '../encoding/base64url.ts';

/** How long it keeps what was left without a word on that. */
const DAY_SECONDS = 86_400;

/** The origin that requests to it are sent to. */
export const MEMORY_ORIGIN = 'https://onehop.test';

interface Stored {
  readonly id: string;
  readonly metadata: UploadMetadata;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly claims: Map<string, string>;
  readonly confirmed: Set<string>;
  offset: number;
  gone: boolean;
}

/** A range that was asked for. */
export interface AskedRange {
  readonly start: number;
  readonly end: number;
}

/**
 * The server's side of the upload contract, in memory: tus, claims, receipts, and ranges that wait. It takes `Request`s, as a
 * `fetch` in a page or as what an HTTP server was sent. Tests cut it off, make it refuse, and change what it holds.
 */
export class MemoryUploadServer {
  /** what is in the place of `fetch` */
  readonly fetch: typeof fetch = (input, init) =>
    this.#answerAbortable(new Request(input, init), init?.signal ?? null);
  /** every range of content that was asked for, in order */
  readonly ranges: AskedRange[] = [];
  /** method and path of every request, in order */
  readonly requests: string[] = [];
  /** how many answers are being sent */
  open = 0;
  /** while it is, nothing reaches it, and what ran breaks */
  #offline = false;
  /** what the next requests that match are answered with */
  readonly #refusals: {
    readonly matches: RegExp;
    readonly code: UploadErrorCode;
    times: number;
  }[] = [];
  #stored: Stored | null = null;
  #ids = 0;
  readonly #waiting = new Set<() => void>();
  /** counts up when everything that is being sent breaks */
  #epoch = 0;

  /** What it holds, sealed; to be changed by tests that damage it. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#stored?.bytes ?? new Uint8Array();
  }

  get summary(): UploadSummary | null {
    const stored = this.#stored;
    if (stored === null) return null;
    const { id, metadata, bytes, offset, claims, confirmed } = stored;
    const { salt, unit, preface, downloads: downloadLimit } = metadata;
    return {
      id,
      length: bytes.length,
      offset,
      complete: offset === bytes.length,
      salt,
      unit,
      preface,
      expiresInMs: (metadata.lifetime ?? DAY_SECONDS) * 1_000,
      downloadLimit,
      downloads: confirmed.size,
      claimable: downloadLimit === 0 ? null : Math.max(0, downloadLimit - claims.size),
    };
  }

  /** Cuts it off, or brings it back. */
  set offline(offline: boolean) {
    this.#offline = offline;
    if (offline) this.#epoch += 1;
    this.#wake();
  }

  /** Has the next requests refused whose method and path match. */
  refuse(matches: RegExp, code: UploadErrorCode, times = 1): void {
    this.#refusals.push({ matches, code, times });
  }

  /** Breaks every answer that is being sent, once. */
  breakAnswers(): void {
    this.offline = true;
    this.offline = false;
  }

  /** Puts an upload there, of which so many bytes have come. */
  put(metadata: UploadMetadata, bytes: Uint8Array<ArrayBuffer>, offset = bytes.length): void {
    this.#ids += 1;
    const id = encodeBase64url(new Uint8Array(16).fill(this.#ids));
    const [claims, confirmed] = [new Map<string, string>(), new Set<string>()];
    this.#stored = { id, metadata, bytes, claims, confirmed, offset, gone: false };
    this.#wake();
  }

  /** More of it has come. */
  grow(offset: number): void {
    if (this.#stored !== null) this.#stored.offset = offset;
    this.#wake();
  }

  /** It has expired, or was deleted. */
  remove(): void {
    if (this.#stored !== null) this.#stored.gone = true;
    this.#stored = null;
    this.#wake();
  }

  /** All claims have lapsed. */
  lapse(): void {
    this.#stored?.claims.clear();
  }

  /** Answers a request. @throws {TypeError} as `fetch` does, where it is cut off */
  async answer(request: Request, signal: AbortSignal = request.signal): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (this.#offline) throw new TypeError('Failed to fetch');
    this.requests.push(`${request.method} ${pathname}`);
    const refusal = this.#refusals.find(
      ({ matches, times }) => times > 0 && matches.test(`${request.method} ${pathname}`),
    );
    if (refusal !== undefined) {
      refusal.times -= 1;
      return fail(refusal.code);
    }
    if (pathname === UPLOADS_PATH && request.method === 'POST') return this.#create(request);
    if (pathname.startsWith(`${UPLOADS_PATH}/`)) return await this.#onUpload(request, pathname);
    if (pathname.startsWith(`${SHARES_PATH}/`)) {
      return await this.#onShare(request, pathname, signal);
    }
    return fail('bad-request');
  }

  /** The request's own signal follows the given one only as long as the request is not collected. */
  async #answerAbortable(request: Request, given: AbortSignal | null): Promise<Response> {
    const signal = given ?? request.signal;
    signal.throwIfAborted();
    const response = await this.answer(request, signal);
    signal.throwIfAborted();
    return response;
  }

  #create(request: Request): Response {
    const entries = (request.headers.get('Upload-Metadata') ?? '')
      .split(',')
      .map((pair) => pair.split(' '))
      .map(([key = '', value = '']) => [key, atob(value)]);
    const metadata = v.safeParse(uploadMetadataSchema, Object.fromEntries(entries));
    if (!metadata.success) return fail('bad-request');
    this.put(metadata.output, new Uint8Array(Number(request.headers.get('Upload-Length'))), 0);
    const location = `${UPLOADS_PATH}/${this.summary?.id}`;
    return new Response(null, { status: 201, headers: { ...TUS, Location: location } });
  }

  async #onUpload(request: Request, pathname: string): Promise<Response> {
    const stored = this.#stored;
    const owner = decodeBase64url(tokenOf(request)) ?? new Uint8Array();
    const verifier = new Uint8Array(await crypto.subtle.digest('SHA-256', owner));
    const mine = stored?.metadata.owner === encodeBase64url(verifier);
    if (stored === null || !mine || pathname !== `${UPLOADS_PATH}/${stored.id}`) {
      return fail('upload-not-found');
    }
    if (request.method === 'DELETE') {
      this.remove();
      return new Response(null, { status: 204, headers: TUS });
    }
    return request.method === 'HEAD' ? offsetOf(stored, 200) : await this.#append(request, stored);
  }

  async #append(request: Request, stored: Stored): Promise<Response> {
    if (Number(request.headers.get('Upload-Offset')) !== stored.offset) return fail('wrong-offset');
    const { bytes, metadata } = stored;
    const sent = new Uint8Array(await request.arrayBuffer());
    const end = stored.offset + sent.length;
    bytes.set(sent, stored.offset);
    // What was cut off in the middle is kept up to its last whole record.
    const kept = Math.floor((stored.offset + sent.length / 2) / metadata.unit) * metadata.unit;
    this.grow(this.#offline ? kept : end);
    if (this.#offline) throw new TypeError('Failed to fetch');
    return offsetOf(stored, 204);
  }

  async #onShare(request: Request, pathname: string, signal: AbortSignal): Promise<Response> {
    const stored = this.#stored;
    const [, , , share, what = ''] = pathname.split('/');
    const none = () => (what === '' ? success(null) : fail('upload-not-found'));
    if (stored === null || share !== stored.metadata.share) return none();
    const token = tokenOf(request);
    const proof = decodeBase64url(token) ?? new Uint8Array();
    const verifier = encodeBase64url(new Uint8Array(await crypto.subtle.digest('SHA-256', proof)));
    const proven = verifier === stored.metadata.verifier;
    const claimed = [...stored.claims.values()].includes(token);
    if (what === '' && request.method === 'DELETE') {
      const isOwner = verifier === stored.metadata.owner;
      if (isOwner) this.remove();
      return isOwner ? success(null) : fail('upload-not-found');
    }
    if (what === 'claims' && request.method === 'DELETE') {
      for (const [receiver, claim] of stored.claims) {
        if (claim === token && !stored.confirmed.has(claim)) stored.claims.delete(receiver);
      }
      return claimed ? success(null) : fail('upload-not-found');
    }
    if (what === 'content')
      return this.#content(request, stored, proven || claimed, claimed, signal);
    if (what === 'receipts') {
      if (!claimed) return fail('upload-not-found');
      stored.confirmed.add(token);
      return success({ downloads: stored.confirmed.size });
    }
    if (!proven) return none();
    return what === 'claims' ? await this.#claim(request, stored) : success(this.summary);
  }

  async #claim(request: Request, stored: Stored): Promise<Response> {
    const body = v.safeParse(claimRequestSchema, await request.json());
    if (!body.success) return fail('bad-request');
    const { receiver } = body.output;
    const known = stored.claims.get(receiver);
    const limit = stored.metadata.downloads;
    if (known === undefined && limit > 0 && stored.claims.size >= limit) {
      return fail('download-limit-reached');
    }
    const claim = known ?? encodeBase64url(crypto.getRandomValues(new Uint8Array(32)));
    stored.claims.set(receiver, claim);
    return success({ claim });
  }

  #content(
    request: Request,
    stored: Stored,
    proven: boolean,
    claimed: boolean,
    signal: AbortSignal,
  ): Response {
    const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.get('Range') ?? '');
    const [start, end] = [Number(range?.[1]), Number(range?.[2]) + 1];
    const inPreface = end <= stored.metadata.preface;
    if (!(claimed || (proven && inPreface))) return fail('upload-not-found');
    if (range === null || start >= end || end > stored.bytes.length) return fail('range-invalid');
    this.ranges.push({ start, end });
    this.open += 1;
    const headers = {
      'Content-Range': `bytes ${start}-${end - 1}/${stored.bytes.length}`,
      'Content-Length': `${end - start}`,
    };
    return new Response(this.#stream(stored, start, end, signal), { status: 206, headers });
  }

  /** Bytes as they are asked for, as far as they have come. */
  #stream(
    stored: Stored,
    start: number,
    end: number,
    signal: AbortSignal,
  ): ReadableStream<Uint8Array> {
    let position = start;
    let closed = false;
    const epoch = this.#epoch;
    const broken = () => epoch !== this.#epoch || signal.aborted || stored.gone;
    const close = () => {
      if (!closed) this.open -= 1;
      closed = true;
    };
    return new ReadableStream<Uint8Array>(
      {
        pull: async (controller) => {
          while (!broken() && position >= stored.offset) {
            await new Promise<void>((resolve) => {
              this.#waiting.add(resolve);
              signal.addEventListener('abort', () => resolve(), { once: true });
            });
          }
          if (broken()) {
            close();
            controller.error(new TypeError('network error'));
            return;
          }
          const next = Math.min(position + 100_000, end, stored.offset);
          controller.enqueue(stored.bytes.slice(position, next));
          position = next;
          if (position < end) return;
          close();
          controller.close();
        },
        cancel: close,
      },
      { highWaterMark: 0 },
    );
  }

  #wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const wake of waiting) wake();
  }
}

const TUS = { 'Tus-Resumable': '1.0.0' };

function tokenOf(request: Request): string {
  return (request.headers.get('Authorization') ?? '').replace(/^Bearer /, '');
}

function offsetOf({ offset, bytes }: Stored, status: number): Response {
  const headers = { ...TUS, 'Upload-Offset': `${offset}`, 'Upload-Length': `${bytes.length}` };
  return new Response(null, { status, headers });
}

function success(value: unknown): Response {
  return Response.json({ ok: true, value });
}

function fail(code: UploadErrorCode): Response {
  return Response.json({ ok: false, error: { code } }, { status: UPLOAD_ERROR_STATUS[code] });
}
