import type { NetworkInterfaceInfo } from 'node:os';
import { describe, expect, test } from 'vitest';
import { networkAddresses, siteUrl } from './network-addresses.ts';

const ipv4 = (address: string, internal = false): NetworkInterfaceInfo => ({
  family: 'IPv4',
  address,
  internal,
  netmask: '255.255.255.0',
  mac: '00:00:00:00:00:00',
  cidr: null,
});
const ipv6 = (address: string, internal = false): NetworkInterfaceInfo => ({
  family: 'IPv6',
  address,
  internal,
  netmask: 'ffff:ffff:ffff:ffff::',
  mac: '00:00:00:00:00:00',
  cidr: null,
  scopeid: 0,
});

describe('networkAddresses', () => {
  test('lists what other machines can reach, IPv4 first', () => {
    const interfaces = {
      lo: [ipv4('127.0.0.1', true), ipv6('::1', true)],
      eth0: [ipv6('fe80::1'), ipv6('2001:db8::5'), ipv4('192.0.2.5')],
      eth1: [ipv6('febf::1'), ipv4('192.0.2.5'), ipv6('fd00::5')],
      down: undefined,
    };
    expect(networkAddresses(interfaces)).toEqual(['192.0.2.5', '2001:db8::5', 'fd00::5']);
  });
});

describe('siteUrl', () => {
  test('puts brackets around an IPv6 address', () => {
    expect(siteUrl('https', '2001:db8::5', 3000)).toBe('https://[2001:db8::5]:3000');
    expect(siteUrl('http', 'localhost', 80)).toBe('http://localhost:80');
  });
});
