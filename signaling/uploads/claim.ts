import { createHash, createHmac } from 'node:crypto';

/**
 * One receiver's download: `active` holds one of the places under the limit until it is confirmed or lapses, `confirmed`
 * was counted. Only a hash of the claim's token is kept.
 */
export type Claim =
  | {
      readonly type: 'active';
      readonly id: string;
      readonly receiver: string;
      /** content requests that are open now */
      readonly open: number;
      /** clock, ms: when it was last used */
      readonly usedAt: number;
    }
  | { readonly type: 'confirmed'; readonly id: string; readonly receiver: string };

/** The token of a receiver's claim: always the same, so that a page that was reloaded gets its own again. */
export function claimToken(claimKey: string, receiver: string): string {
  return createHmac('sha256', Buffer.from(claimKey, 'base64url'))
    .update(receiver)
    .digest('base64url');
}

/** What is kept of a token. */
export function claimId(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
