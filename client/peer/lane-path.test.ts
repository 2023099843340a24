import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findPath } from './lane-path.ts';

interface Candidate {
  readonly candidateType: string;
  readonly address?: string | null;
}

const HIDDEN_HOST: Candidate = { candidateType: 'host', address: '' };
const HIDDEN_PRFLX: Candidate = { candidateType: 'prflx', address: null };

const host = (address: string): Candidate => ({ candidateType: 'host', address });
const srflx = (address: string): Candidate => ({ candidateType: 'srflx', address });
const prflx = (address: string): Candidate => ({ candidateType: 'prflx', address });

/** The statistics of a connection that uses this pair. @param others candidates of this side that it does not use */
function statistics(local: Candidate, remote: Candidate, ...others: readonly Candidate[]) {
  return [
    { type: 'data-channel', id: 'D1', label: 'x' },
    { type: 'candidate-pair', id: 'P0', localCandidateId: 'L9', remoteCandidateId: 'R9' },
    { type: 'candidate-pair', id: 'P1', localCandidateId: 'L1', remoteCandidateId: 'R1' },
    { type: 'local-candidate', id: 'L1', ...local },
    ...others.map((one, index) => ({ type: 'local-candidate', id: `L2${index}`, ...one })),
    { type: 'remote-candidate', id: 'R1', ...remote },
    { type: 'transport', id: 'T1', selectedCandidatePairId: 'P1' },
  ];
}

describe('the path of a lane', () => {
  it.each([
    [{ candidateType: 'relay', address: '203.0.113.9' }, srflx('198.51.100.7')],
    [host('192.168.1.2'), { candidateType: 'relay', address: '192.168.1.3' }],
  ])('is a relay’s where either end is one', (local, remote) => {
    expect(findPath(statistics(local, remote))).toBe('relayed');
  });

  it.each([
    ['both hide behind names of multicast DNS', HIDDEN_HOST, HIDDEN_HOST],
    ['Firefox says such names', host('d7ddf720-bf53.local'), host('617ca0e6-ec9c.local')],
    ['the peer was there before its name was resolved', HIDDEN_HOST, HIDDEN_PRFLX],
    ['the same, by a private address', host('10.1.2.3'), HIDDEN_PRFLX],
    ['this side is seen at another of its addresses', HIDDEN_PRFLX, HIDDEN_HOST],
    ['the peer’s address is private', HIDDEN_HOST, host('192.168.178.20')],
    ['so is the one that it came from', HIDDEN_HOST, prflx('172.31.255.1')],
    ['the peer’s address is link-local', HIDDEN_HOST, host('fe80::1')],
    ['the peer’s address is unique local', HIDDEN_HOST, host('FD12:3456::1')],
    ['it is this machine', host('127.0.0.1'), host('127.0.0.1')],
    ['it is this machine, at a public address', host('203.0.113.5'), prflx('203.0.113.5')],
    ['both are in one IPv6 network', host('2001:db8:1:2::a'), host('2001:db8:1:2:0:ff:fe00:b')],
  ])('is the local network’s where %s', (_, local, remote) => {
    expect(findPath(statistics(local, remote))).toBe('local-network');
  });

  it('is the local network’s where a server saw this side in the peer’s IPv6 network', () => {
    const seen = srflx('2001:db8::1:2');
    expect(findPath(statistics(HIDDEN_HOST, srflx('2001:db8::2'), seen))).toBe('local-network');
  });

  it.each([
    ['both are behind a NAT', srflx('198.51.100.7'), srflx('203.0.113.9')],
    ['the peer is behind a NAT', HIDDEN_HOST, srflx('203.0.113.9')],
    ['this side is behind a NAT', HIDDEN_PRFLX, HIDDEN_PRFLX],
    ['this side has a public address', host('203.0.113.5'), HIDDEN_PRFLX],
    ['the networks are two', host('2001:db8:1:2::a'), host('2001:db8:1:3::a')],
    ['a gap in an address hides that', host('2001:db8::2:0:0:0:a'), host('2001:db8::3:0:0:0:a')],
    ['the address is next to a private one', host('172.15.0.1'), host('172.32.0.1')],
  ])('is straight across where %s', (_, local, remote) => {
    expect(findPath(statistics(local, remote))).toBe('direct');
  });

  it('is straight across between two behind one IPv4 router, which may be that of many', () => {
    const seen = srflx('203.0.113.9');
    expect(findPath(statistics(HIDDEN_HOST, srflx('203.0.113.9'), seen))).toBe('direct');
  });

  it('is found where only the pair says that it is the one', () => {
    const [, , , ...rest] = statistics(HIDDEN_HOST, HIDDEN_HOST).slice(0, -1);
    const pair = { localCandidateId: 'L1', remoteCandidateId: 'R1', selected: true };
    const local = { type: 'local-candidate', id: 'L1', ...HIDDEN_HOST };
    const entries = [...rest, local, { type: 'candidate-pair', id: 'P1', ...pair }];
    expect(findPath(entries)).toBe('local-network');
  });

  it('is not known before a pair is chosen', () => {
    expect(findPath([])).toBeNull();
    expect(findPath(statistics(HIDDEN_HOST, HIDDEN_HOST).slice(0, -1))).toBeNull();
    expect(findPath([{ type: 'transport', selectedCandidatePairId: 'P1' }])).toBeNull();
  });

  it('is one of three or unknown, whatever statistics say', () => {
    const known = ['direct', 'local-network', 'relayed', null];
    const types = ['transport', 'candidate-pair', 'local-candidate', 'remote-candidate'];
    const ids = fc.constantFrom('a', 'b');
    const entry = fc.record(
      {
        type: fc.constantFrom(...types),
        id: ids,
        selectedCandidatePairId: ids,
        localCandidateId: ids,
        remoteCandidateId: ids,
        selected: fc.boolean(),
        candidateType: fc.oneof(fc.constantFrom('host', 'relay'), fc.anything()),
        address: fc.oneof(fc.ipV4(), fc.ipV6(), fc.string(), fc.anything()),
      },
      { requiredKeys: ['type'] },
    );
    fc.assert(
      fc.property(fc.array(fc.oneof({ weight: 9, arbitrary: entry }, fc.anything())), (entries) => {
        expect(known).toContain(findPath(entries));
      }),
    );
  });
});
