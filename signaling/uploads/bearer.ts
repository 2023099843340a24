import type { IncomingMessage } from 'node:http';

/** The 256-bit secret of `Authorization: Bearer SECRET`; undefined when there is none. */
export function bearer({ headers }: Pick<IncomingMessage, 'headers'>): string | undefined {
  return /^Bearer ([A-Za-z0-9_-]{43})$/i.exec(headers.authorization ?? '')?.[1];
}
