import { describe, expect, it } from 'vitest';
import type { ErrorReason } from '../errors/error-reason.ts';
import type { Lane } from '../peer/lane.ts';
import { LanePair } from '../testing/lane-pair.ts';
import { seededRandom } from '../testing/random.ts';
import { type ControlMessage, encodeControlMessage } from './control-message.ts';
import { PeerSource, STALL_MS } from './peer-source.ts';

/** A source that has been greeted, by a peer that only says what the test makes it say. */
function openSource() {
  const pair = new LanePair({ random: seededRandom(1), maxMessageBytes: 65_536 });
  const time = { now: 0 };
  const closed: ErrorReason[] = [];
  const manifests: number[] = [];
  const peer: Lane = pair.open(0)({
    onSignal: () => {},
    onOpen: () => {},
    onMessage: () => {},
    onRoom: () => {},
    onClose: () => {},
  });
  const source = new PeerSource(
    pair.open(1),
    {
      onSignal: () => {},
      onOpened: () => {},
      onManifest: ({ entries }) => manifests.push(entries.length),
      onPiece: () => {},
      onUnavailable: () => {},
      onRoot: () => {},
      onClosed: (reason) => closed.push(reason),
    },
    () => time.now,
  );
  const move = () => {
    while (pair.busy) pair.step();
  };
  const say = (message: ControlMessage) => {
    peer.send(encodeControlMessage(message));
    move();
  };
  move();
  say({ type: 'hello', protocol: 1 });
  /** Lets time pass while the peer is alive, and says nothing but that. */
  const pass = (ms: number) => {
    for (const end = time.now + ms; time.now < end;) {
      time.now += 500;
      if (closed.length === 0) say({ type: 'ping', id: time.now });
      source.tick(true);
      move();
    }
  };
  return { source, say, pass, closed, manifests };
}

const entries = [{ path: 'a', size: 5, type: '', lastModified: 0 }];

describe('a peer as a source', () => {
  it('[DT5] is given up when it is alive and owes a part of the manifest for too long', () => {
    const { source, pass, closed } = openSource();
    source.fetchManifest();
    pass(STALL_MS - 500);
    expect(closed).toEqual([]);
    pass(500);
    expect(closed).toEqual(['source-stalled']);
  });

  it('[DT5] is given up when it owes a piece for too long, and not while it owes nothing', () => {
    const { source, say, pass, closed, manifests } = openSource();
    source.fetchManifest();
    say({ type: 'manifest-part', part: 0, parts: 1, entries });
    expect(manifests).toEqual([1]);
    pass(4 * STALL_MS);
    expect(closed).toEqual([]);
    source.request([0]);
    pass(STALL_MS);
    expect(closed).toEqual(['source-stalled']);
  });

  it('[DT5] is given up when only its root hash is missing for too long', () => {
    const { source, say, pass, closed } = openSource();
    source.fetchManifest();
    say({ type: 'manifest-part', part: 0, parts: 1, entries });
    source.reportProgress(5);
    pass(STALL_MS);
    expect(closed).toEqual(['source-stalled']);
  });

  it.each<[string, ControlMessage]>([
    [
      'a part of the manifest that nobody asked for',
      { type: 'manifest-part', part: 0, parts: 1, entries },
    ],
    ['a request', { type: 'request', runs: [[0, 0, 1]] }],
    [
      'a piece that is not to be had and was not asked for',
      { type: 'unavailable', file: 0, piece: 0, reason: 'source-changed' },
    ],
  ])('[LS2] closes on %s', (_, message) => {
    const { say, closed } = openSource();
    say(message);
    expect(closed).toEqual(['message-unexpected']);
  });
});
