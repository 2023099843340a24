import type { IncomingMessage } from 'node:http';

/**
 * Whether a request comes from a page of this very site, or from no page at all (scripts send no Origin header).
 *
 * The page's host and port must be those the request was sent to. Vite's proxy and most others keep the Host header;
 * one that rewrites it (`changeOrigin`) must set X-Forwarded-Host and be announced in TRUST_PROXY.
 */
export function isSameOrigin(
  { headers }: Pick<IncomingMessage, 'headers'>,
  behindProxy: boolean,
): boolean {
  if (headers.origin === undefined) return true;
  if (!URL.canParse(headers.origin)) return false;
  const { host, protocol } = new URL(headers.origin);
  const asked = (behindProxy && forwardedHost(headers)) || headers.host;
  if (host === '' || asked === undefined) return false;
  return URL.canParse(`${protocol}//${asked}`) && new URL(`${protocol}//${asked}`).host === host;
}

function forwardedHost(headers: IncomingMessage['headers']): string | undefined {
  return [headers['x-forwarded-host'] ?? []].flat().join(',').split(',')[0]?.trim();
}
