import * as v from 'valibot';
import { claimSchema, receiverSchema, uploadMetadataSchema } from '../protocol/uploads.ts';
import type { Claim } from './claim.ts';
import type { OpenUpload } from './upload.ts';

const wholeNumber = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const claimRecordSchema = v.strictObject({
  type: v.picklist(['active', 'confirmed']),
  id: claimSchema,
  receiver: receiverSchema,
});

/** What the store keeps beside an upload's bytes. */
export const uploadRecordSchema = v.strictObject({
  version: v.literal(1),
  length: v.pipe(wholeNumber, v.minValue(1)),
  expiresAt: wholeNumber,
  downloads: wholeNumber,
  claimKey: claimSchema,
  claims: v.array(claimRecordSchema),
  /** as the page gave it */
  metadata: v.record(v.string(), v.string()),
});
export type UploadRecord = v.InferOutput<typeof uploadRecordSchema>;

/** An upload with what belongs to it and never changes. */
export interface KeptUpload {
  readonly upload: OpenUpload;
  readonly claimKey: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** The record as text. Which claims are open, and when they were last used, is not kept. */
export function encodeRecord({ upload, claimKey, metadata }: KeptUpload): string {
  const { length, expiresAt, downloads } = upload;
  const claims = upload.claims.map(({ type, id, receiver }) => ({ type, id, receiver }));
  const record = { length, expiresAt, downloads, claimKey, claims };
  const text: UploadRecord = { version: 1, ...record, metadata: { ...metadata } };
  return JSON.stringify(text);
}

/**
 * The upload of a record, with nothing received yet; undefined when it is not one. Active claims count as used `now`
 * (clock, ms): none is taken from a receiver because the server was away.
 */
export function decodeRecord(id: string, text: string, now: number): KeptUpload | undefined {
  const record = v.safeParse(uploadRecordSchema, parseJson(text));
  if (!record.success) return undefined;
  const { length, expiresAt, downloads, claimKey, claims, metadata } = record.output;
  const fields = v.safeParse(uploadMetadataSchema, metadata);
  if (!fields.success) return undefined;
  const { share, verifier, owner, salt, unit, preface, downloads: downloadLimit } = fields.output;
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
    expiresAt,
    downloadLimit,
    downloads,
    claims: claims.map((claim): Claim => keptClaim(claim, now)),
  };
  return { upload, claimKey, metadata };
}

function keptClaim(
  { type, id, receiver }: v.InferOutput<typeof claimRecordSchema>,
  now: number,
): Claim {
  if (type === 'confirmed') return { type, id, receiver };
  return { type, id, receiver, open: 0, usedAt: now };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
