import * as v from 'valibot';

/** Every error that the upload and share endpoints can answer with. PROTOCOL.md says when. */
export const UPLOAD_ERROR_CODES = [
  'bad-request',
  'not-same-origin',
  'uploads-off',
  'upload-not-found',
  'share-taken',
  'download-limit-reached',
  'upload-locked',
  'wrong-offset',
  'wrong-version',
  'upload-too-large',
  'wrong-type',
  'range-invalid',
  'too-many-uploads',
  'too-many-requests',
  'server-storage-full',
  'server-error',
] as const;

/** One of `UPLOAD_ERROR_CODES`. */
export type UploadErrorCode = (typeof UPLOAD_ERROR_CODES)[number];

/** Checks that a value from outside is an upload error code. */
export const uploadErrorCodeSchema = v.picklist(UPLOAD_ERROR_CODES);

/** The HTTP status that each code travels with. */
export const UPLOAD_ERROR_STATUS: Readonly<Record<UploadErrorCode, number>> = {
  'bad-request': 400,
  'not-same-origin': 403,
  'uploads-off': 404,
  'upload-not-found': 404,
  'share-taken': 409,
  'download-limit-reached': 409,
  'upload-locked': 423,
  'wrong-offset': 409,
  'wrong-version': 412,
  'upload-too-large': 413,
  'wrong-type': 415,
  'range-invalid': 416,
  'too-many-uploads': 429,
  'too-many-requests': 429,
  'server-storage-full': 507,
  'server-error': 500,
};
