import { decodeBase64url, encodeBase64url } from '../encoding/base64url.ts';
import { OnehopError } from '../errors/onehop-error.ts';

/** How long a secret is. */
export const SECRET_BYTES = 16;

/** 128 random bits: all that a link carries, and what every key of its share is derived from. */
export type ShareSecret = Uint8Array<ArrayBuffer>;

/** A new secret from the system's random source. */
export function createSecret(): ShareSecret {
  return crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
}

/** The link of a share. The secret is in the fragment, which browsers do not send (RFC 3986 §3.5). */
export function formatLink(origin: string, secret: ShareSecret): string {
  return `${origin}/#${encodeBase64url(secret)}`;
}

/**
 * The secret in a page's `location.hash`, or null where there is no fragment.
 * @throws {OnehopError} `link-malformed` where the fragment is anything but a secret
 */
export function parseFragment(hash: string): ShareSecret | null {
  const text = hash.startsWith('#') ? hash.slice(1) : hash;
  if (text === '') return null;
  const secret = decodeBase64url(text);
  if (secret === null || secret.length !== SECRET_BYTES) throw new OnehopError('link-malformed');
  return secret;
}
