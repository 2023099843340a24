import * as v from 'valibot';
import {
  UPLOAD_TERMS_PATH,
  type UploadSummary,
  type UploadTerms,
  claimReplySchema,
  receiptReplySchema,
  shareClaimsPath,
  shareContentPath,
  shareReceiptsPath,
  shareStatusPath,
  uploadResultSchema,
  uploadSummarySchema,
  uploadTermsSchema,
} from '../../signaling/protocol/uploads.ts';
import { OnehopError, asOnehopError } from '../errors/onehop-error.ts';
import type { ShareKeys } from '../share/share-keys.ts';
import { limitTime } from '../time/time-limit.ts';
import { failureOf } from './upload-failure.ts';
import { bearer } from './upload-http.ts';

/** How long an answer may take, in milliseconds. */
export const ANSWER_TIMEOUT_MS = 20_000;

const answerSchema = uploadResultSchema(v.unknown());

/** What is asked of the server about a share's upload, besides its bytes. */
export class UploadApi {
  readonly #origin: string;
  readonly #fetch: typeof fetch;

  /**
   * @param origin of the server, as in `location.origin`
   * @param send in place of the browser's own
   */
  constructor(origin: string, send: typeof fetch = (input, init) => fetch(input, init)) {
    this.#origin = origin;
    this.#fetch = send;
  }

  /** Where a share's content is read. */
  contentUrl({ roomId }: ShareKeys): string {
    return `${this.#origin}${shareContentPath(roomId)}`;
  }

  /**
   * On which terms the server takes uploads; null where it takes none.
   * @throws {OnehopError} one of the server's codes, or `upload-unreachable`
   */
  async terms(signal: AbortSignal): Promise<UploadTerms | null> {
    return await this.#ask(UPLOAD_TERMS_PATH, {}, v.nullable(uploadTermsSchema), signal);
  }

  /**
   * What the server has of a share.
   * @throws {OnehopError} one of the server's codes, as `upload-not-found`; `upload-unreachable` where no answer comes
   */
  async status({ roomId, joinProof }: ShareKeys, signal: AbortSignal): Promise<UploadSummary> {
    const path = shareStatusPath(roomId);
    const init = { headers: bearer(joinProof) };
    const upload = await this.#ask(path, init, v.nullable(uploadSummarySchema), signal);
    if (upload === null) throw new OnehopError('upload-not-found');
    return upload;
  }

  /**
   * A claim on a download; the same receiver gets its own again.
   * @param receiver as in `Selection`
   * @throws {OnehopError} as `status`, and `download-limit-reached`
   */
  async claim(
    { roomId, joinProof }: ShareKeys,
    receiver: string,
    signal: AbortSignal,
  ): Promise<string> {
    const init = {
      method: 'POST',
      headers: { ...bearer(joinProof), 'Content-Type': 'application/json' },
      body: JSON.stringify({ receiver }),
    };
    return (await this.#ask(shareClaimsPath(roomId), init, claimReplySchema, signal)).claim;
  }

  /** Confirms a download: now it counts. @returns how many do @throws {OnehopError} as `status` */
  async sendReceipt({ roomId }: ShareKeys, claim: string, signal: AbortSignal): Promise<number> {
    // It is to arrive also when the page is closed meanwhile.
    const init = { method: 'POST', headers: bearer(claim), keepalive: true };
    const path = shareReceiptsPath(roomId);
    return (await this.#ask(path, init, receiptReplySchema, signal)).downloads;
  }

  /** Lets another receiver have the place of a claim that was not confirmed. @throws {OnehopError} as `status` */
  async giveClaimBack({ roomId }: ShareKeys, claim: string, signal: AbortSignal): Promise<void> {
    const init = { method: 'DELETE', headers: bearer(claim), keepalive: true };
    await this.#ask(shareClaimsPath(roomId), init, v.null(), signal);
  }

  /**
   * Deletes what the server has of a share; what is not there is deleted already.
   * @param owner the owner key of its upload
   * @throws {OnehopError} one of the server's codes, or `upload-unreachable`
   */
  async delete(
    { roomId }: Pick<ShareKeys, 'roomId'>,
    owner: string,
    signal: AbortSignal,
  ): Promise<void> {
    const init = { method: 'DELETE', headers: bearer(owner), keepalive: true };
    try {
      await this.#ask(shareStatusPath(roomId), init, v.null(), signal);
    } catch (error) {
      if (asOnehopError(error).reason !== 'upload-not-found') throw error;
    }
  }

  async #ask<Schema extends v.GenericSchema>(
    path: string,
    init: RequestInit,
    schema: Schema,
    signal: AbortSignal,
  ): Promise<v.InferOutput<Schema>> {
    const { ok, status, body } = await this.#send(`${this.#origin}${path}`, init, signal);
    if (!ok) throw new OnehopError(failureOf({ status, body }).reason);
    const answer = v.safeParse(answerSchema, parseJson(body));
    if (!answer.success || !answer.output.ok) throw new OnehopError('server-error');
    const checked = v.safeParse(schema, answer.output.value);
    if (!checked.success) throw new OnehopError('server-error');
    return checked.output;
  }

  async #send(
    url: string,
    init: RequestInit,
    signal: AbortSignal,
  ): Promise<{ readonly ok: boolean; readonly status: number; readonly body: string }> {
    signal.throwIfAborted();
    const abort = new AbortController();
    const stop = () => abort.abort();
    signal.addEventListener('abort', stop);
    try {
      const request: RequestInit = { cache: 'no-store', redirect: 'error', ...init };
      const answer = this.#fetch(url, { ...request, signal: abort.signal }).then(
        async (response) => ({
          ok: response.ok,
          status: response.status,
          body: await response.text(),
        }),
      );
      return await limitTime(answer, ANSWER_TIMEOUT_MS, 'upload-unreachable');
    } catch (error) {
      signal.throwIfAborted();
      throw asOnehopError(error, 'upload-unreachable');
    } finally {
      abort.abort();
      signal.removeEventListener('abort', stop);
    }
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
