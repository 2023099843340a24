import { encodeBase64url } from '../encoding/base64url.ts';
import type { ShareSecret } from '../share/link.ts';

/** Where ways are compared. */
export const COMPARE_PATH = '/compare';

/** The link that leads the other side into a comparison; the secret is in the fragment, as in every link. */
export function formatCompareLink(origin: string, secret: ShareSecret): string {
  return `${origin}${COMPARE_PATH}#${encodeBase64url(secret)}`;
}
