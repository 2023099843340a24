import * as v from 'valibot';
import { base64url } from './base64url.ts';
import { joinVerifierSchema, roomIdSchema } from './requests.ts';
import { uploadErrorCodeSchema } from './upload-error-code.ts';

/** Where uploads are made by the tus protocol 1.0.0; one upload is `UPLOADS_PATH/ID`. */
export const UPLOADS_PATH = '/api/uploads';

/** `GET`: on which terms the server takes uploads, `UploadTerms`; null where it takes none. */
export const UPLOAD_TERMS_PATH = '/api/terms';

/** Where a page measures its line to the server: `POST` of bytes that are dropped, `GET` of bytes that mean nothing. */
export const PROBE_PATH = '/api/probe';
/** `GET`: so many random bytes. @param bytes 1 to `PROBE_MOST_BYTES` */
export const probeBytesPath = (bytes: number): string => `${PROBE_PATH}?bytes=${bytes}`;

/** Where what a share has on the server is asked for. */
export const SHARES_PATH = '/api/shares';

/** `GET`: the share's upload, an `UploadSummary`. */
export const shareStatusPath = (roomId: string): string => `${SHARES_PATH}/${roomId}`;
/** `POST` with a `ClaimRequest`: a `ClaimReply`. */
export const shareClaimsPath = (roomId: string): string => `${SHARES_PATH}/${roomId}/claims`;
/** `GET` with one `Range`: the bytes themselves. */
export const shareContentPath = (roomId: string): string => `${SHARES_PATH}/${roomId}/content`;
/** `POST` without a body: a `ReceiptReply`. */
export const shareReceiptsPath = (roomId: string): string => `${SHARES_PATH}/${roomId}/receipts`;

/** The keys of tus' `Upload-Metadata`; no other may be there, and only `lifetime` may be missing. */
export const UPLOAD_METADATA_KEYS = [
  'share',
  'verifier',
  'owner',
  'salt',
  'unit',
  'preface',
  'lifetime',
  'downloads',
] as const;

/** The largest sealed record, in bytes. */
export const MAX_UPLOAD_UNIT_BYTES = 4 * 1024 * 1024;
/** The shortest lifetime of an upload, in seconds. */
export const MIN_UPLOAD_LIFETIME_SECONDS = 60;
/** The longest lifetime of an upload, in seconds; an operator may allow less. */
export const MAX_UPLOAD_LIFETIME_SECONDS = 7 * 24 * 60 * 60;
/** The most downloads that an upload can be limited to. */
export const MAX_DOWNLOAD_LIMIT = 1000;
/** How long a claim that is not used stays, in milliseconds. */
export const CLAIM_LAPSE_MS = 10 * 60_000;
/** How long an upload may bring no byte before those who wait for more are cut off, in milliseconds. */
export const UPLOAD_STALL_MS = 2 * 60_000;
/** In so many milliseconds a `PATCH` must bring `UPLOAD_LEAST_BYTES`, or its end, or it is ended. */
export const UPLOAD_IDLE_MS = 60_000;
/** See `UPLOAD_IDLE_MS`; in bytes. */
export const UPLOAD_LEAST_BYTES = 16 * 1024;
/** The most bytes of a probe, either way. */
export const PROBE_MOST_BYTES = 1024 * 1024;

const decimal = (min: number, max: number) =>
  v.pipe(
    v.string(),
    v.regex(/^(?:0|[1-9][0-9]{0,15})$/),
    v.transform(Number),
    v.minValue(min),
    v.maxValue(max),
  );

const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER));

/** 256 random bits, base64url: made by the sender's page; whoever has it may continue and delete the upload. */
export const ownerKeySchema = base64url(32);
/** SHA-256 of the owner key's 32 bytes, base64url: what the server keeps to check owner keys by. */
export const ownerVerifierSchema = base64url(32);
/** 128 bits, base64url: the salt of the storage key. */
export const uploadSaltSchema = base64url(16);
/** 128 bits, base64url: one upload. The server makes it. */
export const uploadIdSchema = base64url(16);
/** 256 bits, base64url: one download. The server makes it. */
export const claimSchema = base64url(32);
/** 96 bits, base64url: a receiver's own name, kept with its download. */
export const receiverSchema = base64url(12);

/** What `Upload-Metadata` of a new upload says, decoded from its base64; numbers are decimal there. */
export const uploadMetadataSchema = v.strictObject({
  share: roomIdSchema,
  verifier: joinVerifierSchema,
  owner: ownerVerifierSchema,
  salt: uploadSaltSchema,
  /** Bytes of a sealed record. */
  unit: decimal(1, MAX_UPLOAD_UNIT_BYTES),
  /** Sealed bytes of the preface: a multiple of `unit`, or the whole length. */
  preface: decimal(1, Number.MAX_SAFE_INTEGER),
  /** Seconds; the server may keep it for less. Without it, for as long as the operator set. */
  lifetime: v.optional(decimal(MIN_UPLOAD_LIFETIME_SECONDS, MAX_UPLOAD_LIFETIME_SECONDS)),
  /** The most downloads; 0 is no limit. */
  downloads: decimal(0, MAX_DOWNLOAD_LIMIT),
});
export type UploadMetadata = v.InferOutput<typeof uploadMetadataSchema>;

/** On which terms a server takes uploads. */
export const uploadTermsSchema = v.strictObject({
  /** The longest that it keeps one, in seconds; who asks for more gets this. */
  maxLifetimeSeconds: v.pipe(v.number(), v.gtValue(0), v.maxValue(MAX_UPLOAD_LIFETIME_SECONDS)),
});
export type UploadTerms = v.InferOutput<typeof uploadTermsSchema>;

/** What a share has on the server: lengths and offsets in sealed bytes. */
export const uploadSummarySchema = v.strictObject({
  id: uploadIdSchema,
  length: count,
  offset: count,
  complete: v.boolean(),
  salt: uploadSaltSchema,
  unit: count,
  preface: count,
  expiresInMs: count,
  /** 0 is no limit. */
  downloadLimit: count,
  /** Downloads that their receivers confirmed. */
  downloads: count,
  /** How many more claims would be given now; null where there is no limit. */
  claimable: v.nullable(count),
});
export type UploadSummary = v.InferOutput<typeof uploadSummarySchema>;

export const claimRequestSchema = v.strictObject({ receiver: receiverSchema });
export type ClaimRequest = v.InferOutput<typeof claimRequestSchema>;

export const claimReplySchema = v.strictObject({ claim: claimSchema });
export type ClaimReply = v.InferOutput<typeof claimReplySchema>;

export const receiptReplySchema = v.strictObject({ downloads: count });
export type ReceiptReply = v.InferOutput<typeof receiptReplySchema>;

/** The query of `GET PROBE_PATH`. */
export const probeQuerySchema = v.strictObject({ bytes: decimal(1, PROBE_MOST_BYTES) });

/** The body of every answer that is an error. */
export const uploadFailureSchema = v.strictObject({
  ok: v.literal(false),
  error: v.strictObject({ code: uploadErrorCodeSchema }),
});

/** The body of an answer of a share's endpoint, which carries what `value` describes or an error. */
export const uploadResultSchema = <Value extends v.GenericSchema>(value: Value) =>
  v.variant('ok', [v.strictObject({ ok: v.literal(true), value }), uploadFailureSchema]);
