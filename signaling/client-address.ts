import type { IncomingMessage } from 'node:http';
import { isIP, isIPv4, isIPv6 } from 'node:net';

/**
 * Whom a request counts for in the limits per address: an IPv4 address, or the first 64 bits of an IPv6 address, since
 * one subscriber commonly has all of those.
 *
 * @param proxies how many proxies stand in front of this server; each appends the address it was called from to
 *   X-Forwarded-For, so that many entries from the end are to be believed, and no more
 */
export function clientAddress(
  request: Pick<IncomingMessage, 'headers' | 'socket'>,
  proxies: number,
): string {
  const direct = request.socket.remoteAddress ?? '';
  if (proxies === 0) return addressGroup(direct);
  const header = request.headers['x-forwarded-for'] ?? [];
  const forwarded = [header].flat().join(',').split(',');
  const claimed = forwarded.at(-proxies)?.trim() ?? '';
  return addressGroup(isIP(claimed) === 0 ? direct : claimed);
}

function addressGroup(address: string): string {
  const withoutZone = address.split('%')[0] ?? '';
  const mapped = withoutZone.replace(/^::ffff:(?=\d+\.)/i, '');
  if (isIPv4(mapped) || !isIPv6(mapped)) return mapped;
  return `${network64(mapped)}::/64`;
}

/** The first four of the eight groups of an IPv6 address (RFC 4291, section 2.2). */
function network64(address: string): string {
  const [head = '', tail] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  if (tail !== undefined) {
    const after = tail === '' ? [] : tail.split(':');
    const zeros = Math.max(0, 8 - groups.length - after.length);
    groups.push(...Array.from({ length: zeros }, () => '0'), ...after);
  }
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}
