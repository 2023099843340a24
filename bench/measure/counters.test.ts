import { describe, expect, it } from 'vitest';
import { readUdpCounters, udpSince } from './udp-counters.ts';
import { readCpuSeconds } from './usage.ts';

const SNMP = `Ip: Forwarding DefaultTTL
Ip: 1 64
Udp: InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors InCsumErrors
Udp: 900 3 20 800 20 1 0
UdpLite: InDatagrams RcvbufErrors
UdpLite: 5 5
`;

describe('what the kernel counts', () => {
  it('of UDP is read by its names', () => {
    const counters = readUdpCounters(SNMP);
    expect(counters).toEqual({
      received: 900,
      sent: 800,
      receiveBufferErrors: 20,
      sendBufferErrors: 1,
    });
    expect(udpSince({ ...counters, received: 400 }, counters)).toMatchObject({ received: 500 });
    expect(() => readUdpCounters('Tcp: 1\n')).toThrow('does not count');
  });

  it('of processor time is read whatever the name of the program', () => {
    const stat = '12 (a b) c) S 1 12 12 0 -1 4 10 0 0 0 250 150 0 0 20 0 9 0 77';
    expect(readCpuSeconds(stat)).toBe(4);
  });
});
