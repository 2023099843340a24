import { createHash } from 'node:crypto';
import * as v from 'valibot';
import type { UploadErrorCode } from '../protocol/upload-error-code.ts';
import {
  claimReplySchema,
  receiptReplySchema,
  shareClaimsPath,
  shareContentPath,
  shareReceiptsPath,
  shareStatusPath,
  uploadFailureSchema,
  uploadResultSchema,
  uploadSummarySchema,
  UPLOADS_PATH,
  type UploadSummary,
} from '../protocol/uploads.ts';
import { testLink, type TestLink } from './test-link.ts';

export const TUS = { 'Tus-Resumable': '1.0.0' };
const BODY = { ...TUS, 'Content-Type': 'application/offset+octet-stream' };

/** What a test says about an upload; the rest is usual. */
export interface TestUploadFields {
  readonly link?: number;
  readonly owner?: number;
  readonly length?: number;
  readonly unit?: number;
  readonly preface?: number;
  readonly lifetime?: number;
  readonly downloads?: number;
}

/** A page's part of an upload, sender and receivers, by plain requests. */
export class TestUpload {
  readonly url: string;
  readonly link: TestLink;
  readonly ownerKey: string;
  readonly length: number;
  readonly metadata: Readonly<Record<string, string>>;
  path = '';

  constructor(url: string, fields: TestUploadFields = {}) {
    const { link = 1, owner = link, length = 100, unit = 10, preface = unit } = fields;
    this.url = url;
    this.link = testLink(link);
    this.length = length;
    const key = createHash('sha256').update(`owner ${owner}`).digest();
    this.ownerKey = key.toString('base64url');
    this.metadata = {
      share: this.link.roomId,
      verifier: this.link.joinVerifier,
      owner: createHash('sha256').update(key).digest('base64url'),
      salt: Buffer.alloc(16, link).toString('base64url'),
      unit: `${unit}`,
      preface: `${preface}`,
      lifetime: `${fields.lifetime ?? 3_600}`,
      downloads: `${fields.downloads ?? 0}`,
    };
  }

  get owner() {
    return { Authorization: `Bearer ${this.ownerKey}` };
  }

  /** Its bytes: every one tells where it stands. */
  bytes(from = 0, to = this.length): Uint8Array<ArrayBuffer> {
    return Uint8Array.from({ length: to - from }, (_, index) => ((from + index) * 31) % 251);
  }

  async post(headers: Readonly<Record<string, string>> = {}): Promise<Response> {
    const pairs = Object.entries(this.metadata).map(([key, value]) => `${key} ${btoa(value)}`);
    return await fetch(this.url + UPLOADS_PATH, {
      method: 'POST',
      headers: {
        ...TUS,
        'Upload-Length': `${this.length}`,
        'Upload-Metadata': pairs.join(','),
        ...headers,
      },
    });
  }

  /** Makes the upload. */
  async create(): Promise<this> {
    const answer = await this.post();
    if (answer.status !== 201) throw new Error(`refused: ${await answer.text()}`);
    this.path = answer.headers.get('location') ?? '';
    return this;
  }

  async patch(from: number, to: number, headers: Readonly<Record<string, string>> = {}) {
    return await fetch(this.url + this.path, {
      method: 'PATCH',
      headers: { ...BODY, ...this.owner, 'Upload-Offset': `${from}`, ...headers },
      body: this.bytes(from, to),
    });
  }

  /** Sends the bytes as the test lets them go. */
  async stream(from: number, body: ReadableStream<Uint8Array>): Promise<Response> {
    const headers = { ...BODY, ...this.owner, 'Upload-Offset': `${from}` };
    const init: RequestInit & { readonly duplex: 'half' } = {
      method: 'PATCH',
      headers,
      body,
      duplex: 'half',
    };
    return await fetch(this.url + this.path, init);
  }

  async head(): Promise<Response> {
    const headers = { ...TUS, ...this.owner };
    return await fetch(this.url + this.path, { method: 'HEAD', headers });
  }

  /** The offset that the server has kept. */
  async offset(): Promise<number> {
    return Number((await this.head()).headers.get('upload-offset'));
  }

  async delete(): Promise<Response> {
    const headers = { ...TUS, ...this.owner };
    return await fetch(this.url + this.path, { method: 'DELETE', headers });
  }

  async status(proof = this.link.joinProof): Promise<UploadSummary | UploadErrorCode> {
    const schema = v.nullable(uploadSummarySchema);
    const path = shareStatusPath(this.link.roomId);
    return (await this.#value('GET', path, proof, schema)) ?? 'upload-not-found';
  }

  /** The claim of a receiver with this number, or why it has none. */
  async claim(receiver = 1): Promise<string> {
    const body = { receiver: Buffer.alloc(12, receiver).toString('base64url') };
    const path = shareClaimsPath(this.link.roomId);
    const answer = await this.#value('POST', path, this.link.joinProof, claimReplySchema, body);
    return typeof answer === 'string' ? answer : answer.claim;
  }

  async giveBack(claim: string): Promise<Response> {
    const headers = { Authorization: `Bearer ${claim}` };
    const path = shareClaimsPath(this.link.roomId);
    return await fetch(this.url + path, { method: 'DELETE', headers });
  }

  async receipt(claim: string): Promise<number | UploadErrorCode> {
    const path = shareReceiptsPath(this.link.roomId);
    const answer = await this.#value('POST', path, claim, receiptReplySchema);
    return typeof answer === 'string' ? answer : answer.downloads;
  }

  async content(secret: string, range: string, init: RequestInit = {}): Promise<Response> {
    const headers = { Authorization: `Bearer ${secret}`, Range: `bytes=${range}` };
    return await fetch(this.url + shareContentPath(this.link.roomId), { headers, ...init });
  }

  async #value<Schema extends v.GenericSchema>(
    method: string,
    path: string,
    secret: string,
    schema: Schema,
    body?: object,
  ): Promise<v.InferOutput<Schema> | UploadErrorCode> {
    const answer = await fetch(this.url + path, {
      method,
      headers: { Authorization: `Bearer ${secret}`, 'Content-Type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const result = v.parse(uploadResultSchema(v.unknown()), await answer.json());
    return result.ok ? v.parse(schema, result.value) : result.error.code;
  }
}

/** The typed error of an answer, with its status. */
export async function failureOf(answer: Response): Promise<string> {
  const { error } = v.parse(uploadFailureSchema, await answer.json());
  return `${answer.status} ${error.code}`;
}

/** Whether the connection of a request or answer broke before it was whole. */
export async function isCut(call: Promise<unknown>): Promise<boolean> {
  return await call.then(
    () => false,
    () => true,
  );
}
