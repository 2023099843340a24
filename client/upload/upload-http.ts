import * as v from 'valibot';
import { UPLOADS_PATH, uploadIdSchema } from '../../signaling/protocol/uploads.ts';
import { encodeBase64url } from '../encoding/base64url.ts';
import { OnehopError } from '../errors/onehop-error.ts';
import { SEALED_RECORD_BYTES } from '../sealing/record.ts';
import type { UploadLayout } from '../sealing/upload-layout.ts';
import type { UploadTerms } from './upload-terms.ts';

/** How a token is shown to the server (RFC 6750 §2.1). */
export function bearer(token: string): { readonly Authorization: string } {
  return { Authorization: `Bearer ${token}` };
}

/** Where uploads are created. @param origin as in `location.origin` */
export function uploadsUrl(origin: string): string {
  return `${origin}${UPLOADS_PATH}`;
}

/** What the server is told of a new upload, but for `layoutMetadata`. @param owner the owner key's bytes */
export async function termsMetadata(
  { keys, lifetimeSeconds, downloadLimit }: UploadTerms,
  salt: Uint8Array,
  owner: Uint8Array<ArrayBuffer>,
): Promise<Readonly<Record<string, string>>> {
  const verifier = new Uint8Array(await crypto.subtle.digest('SHA-256', owner));
  return {
    share: keys.roomId,
    verifier: keys.joinVerifier,
    owner: encodeBase64url(verifier),
    salt: encodeBase64url(salt),
    lifetime: `${lifetimeSeconds}`,
    downloads: `${downloadLimit}`,
  };
}

/** What the server is told of the form of a new upload. */
export function layoutMetadata(layout: UploadLayout): Readonly<Record<string, string>> {
  return { unit: `${SEALED_RECORD_BYTES}`, preface: `${layout.sealedPrefaceBytes}` };
}

/** The id in the address that the server gave a new upload. @throws {OnehopError} `server-error` where there is none */
export function idOfUrl(url: string): string {
  const id = v.safeParse(uploadIdSchema, url.split('/').at(-1));
  if (!id.success) throw new OnehopError('server-error');
  return id.output;
}
