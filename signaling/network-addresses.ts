import type { NetworkInterfaceInfo } from 'node:os';
import { isIPv6 } from 'node:net';

/** This machine's network interfaces, as `os.networkInterfaces()` lists them. */
export type NetworkInterfaces = Readonly<
  Record<string, readonly NetworkInterfaceInfo[] | undefined>
>;

/** The addresses under which other machines may reach this one: IPv4 first, no loopback, no link-local IPv6. */
export function networkAddresses(interfaces: NetworkInterfaces): readonly string[] {
  const reachable = Object.values(interfaces)
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, address }) => !internal && !isLinkLocalIpv6(address))
    .map(({ address }) => address);
  const [ipv4, ipv6] = [
    reachable.filter((address) => !isIPv6(address)),
    reachable.filter((address) => isIPv6(address)),
  ];
  return [...new Set([...ipv4, ...ipv6])];
}

/** The origin of a site at this host and port, with brackets where the host is an IPv6 address. */
export function siteUrl(protocol: 'http' | 'https', host: string, port: number): string {
  return `${protocol}://${isIPv6(host) ? `[${host}]` : host}:${port}`;
}

/** fe80::/10 (RFC 4291, section 2.5.6); it means nothing without the name of an interface. */
function isLinkLocalIpv6(address: string): boolean {
  return isIPv6(address) && /^fe[89ab]/i.test(address);
}
