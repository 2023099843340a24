import { createHash, timingSafeEqual } from 'node:crypto';

const SHA256_BYTES = 32;

/**
 * Whether `joinProof` is the one that `joinVerifier` was made from, both base64url. Takes the same time whatever the
 * answer, and also where there is no verifier to compare with.
 */
export function proofMatches(joinProof: string, joinVerifier: string | undefined): boolean {
  const actual = createHash('sha256').update(Buffer.from(joinProof, 'base64url')).digest();
  const expected =
    joinVerifier === undefined
      ? Buffer.alloc(SHA256_BYTES)
      : Buffer.from(joinVerifier, 'base64url');
  const equal = expected.length === actual.length && timingSafeEqual(actual, expected);
  return equal && joinVerifier !== undefined;
}

/** Whether two secrets are the same, in a time that does not tell where they differ. */
export function sameSecret(left: string, right: string): boolean {
  const leftBytes = Buffer.from(left);
  const rightBytes = Buffer.from(right);
  return leftBytes.length === rightBytes.length && timingSafeEqual(leftBytes, rightBytes);
}
