import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { uploadMetadataSchema } from '../protocol/uploads.ts';
import { UploadError } from './upload-error.ts';
import type { KeptUpload } from './upload-record.ts';
import type { OpenUpload } from './upload.ts';

const SECOND_MS = 1_000;

/** What a page asks for when it makes an upload. */
export interface UploadRequest {
  readonly id: string;
  /** sealed bytes */
  readonly length: number;
  /** decoded, unchecked */
  readonly metadata: Readonly<Record<string, string | null>>;
}

/** How long uploads are kept, in seconds. */
export interface Lifetimes {
  /** where the page does not say */
  readonly usual: number;
  readonly most: number;
}

/**
 * The upload that was asked for, nothing received yet.
 *
 * @param wallNow wall clock, ms
 * @throws UploadError `bad-request` when length and metadata make no upload
 */
export function newUpload(
  { id, length, metadata }: UploadRequest,
  wallNow: number,
  { usual, most }: Lifetimes,
): KeptUpload {
  const fields = v.safeParse(uploadMetadataSchema, metadata);
  const text = v.safeParse(v.record(v.string(), v.string()), metadata);
  if (!fields.success || !text.success) throw new UploadError('bad-request');
  const { share, verifier, owner, salt, unit, preface, downloads: downloadLimit } = fields.output;
  const isWhole = preface === length || (preface < length && preface % unit === 0);
  if (!isWhole) throw new UploadError('bad-request');
  const seconds = Math.min(fields.output.lifetime ?? usual, most);
  const upload: OpenUpload = {
    type: 'open',
    id,
    share,
    verifier,
    owner,
    salt,
    unit,
    preface,
    length,
    offset: 0,
    expiresAt: Math.round(wallNow + seconds * SECOND_MS),
    downloadLimit,
    downloads: 0,
    claims: [],
  };
  return { upload, claimKey: randomBytes(32).toString('base64url'), metadata: text.output };
}
