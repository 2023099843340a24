import { createHash } from 'node:crypto';

/** What a page derives from the share link that it made or was given; here from a number. */
export interface TestLink {
  readonly roomId: string;
  readonly joinProof: string;
  readonly joinVerifier: string;
}

/** The link with this number; the same number gives the same link. */
export function testLink(number: number): TestLink {
  const secret = createHash('sha256').update(`link ${number}`).digest();
  return {
    roomId: secret.subarray(0, 16).toString('base64url'),
    joinProof: secret.toString('base64url'),
    joinVerifier: createHash('sha256').update(secret).digest('base64url'),
  };
}
