import { encodeBase64url } from './base64url.ts';

/** So many random bytes of the system's, as base64url. */
export function randomId(bytes: number): string {
  return encodeBase64url(crypto.getRandomValues(new Uint8Array(bytes)));
}
