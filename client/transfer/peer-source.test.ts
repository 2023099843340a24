import { describe, expect, it } from 'vitest';
import { PROTOCOL_VERSION } from '../../signaling/protocol/limits.ts';
import type { ErrorReason } from '../errors/error-reason.ts';
import type { Lane } from '../peer/lane.ts';
import { PIECE_BYTES } from '../share/manifest.ts';
import { encodeNumberSet, fullNumberSet, withNumbers } from '../share/number-set.ts';
import { LanePair } from '../testing/lane-pair.ts';
import { makeManifest } from '../testing/make-manifest.ts';
import { seededRandom } from '../testing/random.ts';
import { type ControlMessage, encodeControlMessage } from './control-message.ts';
import { decodePeerMessage } from './peer-message.ts';
import { PeerSource, STALL_MS } from './peer-source.ts';
import type { Selection } from './source.ts';

/** A source that has been greeted, by a peer that only says what the test makes it say. */
function openSource() {
  const pair = new LanePair({ random: seededRandom(1), maxMessageBytes: 65_536 });
  const time = { now: 0 };
  const closed: ErrorReason[] = [];
  const said: ControlMessage[] = [];
  const heard: unknown[] = [];
  const peer: Lane = pair.open(0)({
    onSignal: () => {},
    onOpen: () => {},
    onMessage: (bytes) => {
      const message = decodePeerMessage(bytes);
      if (message.type === 'control') said.push(message.message);
    },
    onRoom: () => {},
    onClose: () => {},
  });
  const source = new PeerSource(
    { openLane: pair.open(1), nextLane: () => 0, maxLanes: 1, clock: () => time.now },
    {
      onSignal: () => {},
      onOpened: () => {},
      onManifest: ({ entries: listed }) => heard.push(['manifest', listed.length]),
      onPiece: () => {},
      onUnavailable: (file, reason) => heard.push(['unavailable', file, reason]),
      onPaused: (paused) => heard.push(['paused', paused]),
      onRoot: ({ files }) => heard.push(['root', files.count]),
      onClosed: (reason) => closed.push(reason),
    },
  );
  const move = () => {
    while (pair.busy) pair.step();
  };
  const say = (message: ControlMessage) => {
    peer.send(encodeControlMessage(message));
    move();
  };
  move();
  say({ type: 'hello', protocol: PROTOCOL_VERSION, inflates: true });
  /** Lets time pass while the peer is alive, and says nothing but that. */
  const pass = (ms: number) => {
    for (const end = time.now + ms; time.now < end;) {
      time.now += 500;
      if (closed.length === 0) say({ type: 'ping', id: time.now });
      source.tick(true);
      move();
    }
  };
  return { source, say, pass, closed, heard, said };
}

const entries = [{ path: 'a', size: 5, type: '', lastModified: 0 }];
const root = 'A'.repeat(43);

/** What a receiver takes of files of 5 bytes, so many, but for these. */
function selectionOf(count: number, ...without: readonly number[]): Selection {
  const manifest = makeManifest(...Array.from({ length: count }, () => 5));
  const files = withNumbers(fullNumberSet(count), without, false);
  return { manifest, digest: root, files, receiver: 'A'.repeat(16) };
}

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
    const { source, say, pass, closed, heard } = openSource();
    source.fetchManifest();
    say({ type: 'manifest-part', part: 0, parts: 1, entries });
    expect(heard).toEqual([['manifest', 1]]);
    source.select(selectionOf(1));
    pass(4 * STALL_MS);
    expect(closed).toEqual([]);
    source.request([0]);
    pass(STALL_MS);
    expect(closed).toEqual(['source-stalled']);
  });

  it('[DT5] is given up when only its root hash is missing for too long', () => {
    const { source, pass, closed } = openSource();
    source.select(selectionOf(1));
    source.reportProgress(5, true);
    pass(STALL_MS);
    expect(closed).toEqual(['source-stalled']);
  });

  it('[DT5] is given up when it gives no root hash without the files that were given up', () => {
    const { source, say, pass, closed } = openSource();
    const { files } = selectionOf(2);
    source.select(selectionOf(2));
    say({ type: 'root', root, files: encodeNumberSet(files) });
    source.reportProgress(10, true);
    pass(2 * STALL_MS);
    expect(closed).toEqual([]);
    source.withdraw([1]);
    pass(STALL_MS - 500);
    expect(closed).toEqual([]);
    pass(500);
    expect(closed).toEqual(['source-stalled']);
  });

  it('[DT5] is waited for while it says that it reads on for the root hash, and no longer', () => {
    const { source, say, pass, closed } = openSource();
    source.select(selectionOf(1));
    source.reportProgress(5, true);
    for (let bytes = 1; bytes < 5; bytes += 1) {
      pass(STALL_MS - 500);
      say({ type: 'checking', bytes });
    }
    expect(closed).toEqual([]);
    pass(STALL_MS - 500);
    say({ type: 'checking', bytes: 4 });
    pass(500);
    expect(closed).toEqual(['source-stalled']);
  });

  it('[PS1] is waited for while it has paused, and then has its time anew', () => {
    const { source, say, pass, closed, heard } = openSource();
    source.select(selectionOf(1));
    source.request([0]);
    say({ type: 'pause', number: 1, paused: true });
    pass(4 * STALL_MS);
    say({ type: 'pause', number: 2, paused: false });
    pass(STALL_MS - 500);
    expect(closed).toEqual([]);
    pass(500);
    expect(closed).toEqual(['source-stalled']);
    expect(heard).toEqual([
      ['paused', true],
      ['paused', false],
    ]);
  });

  it('[PS2] is waited for while this side has paused', () => {
    const { source, pass, closed } = openSource();
    source.select(selectionOf(1));
    source.request([0]);
    source.reportPause(true);
    pass(4 * STALL_MS);
    expect(closed).toEqual([]);
    source.reportPause(false);
    pass(STALL_MS);
    expect(closed).toEqual(['source-stalled']);
  });

  it('[PS1] is not paused by a word that a later one has overtaken', () => {
    const { say, heard } = openSource();
    say({ type: 'pause', number: 2, paused: true });
    say({ type: 'pause', number: 1, paused: false });
    expect(heard).toEqual([['paused', true]]);
  });

  it('[PS1] is told with numbers that count up when this side pauses', () => {
    const { source, say, said } = openSource();
    source.reportPause(true);
    source.reportPause(false);
    say({ type: 'ping', id: 9 });
    expect(said.filter(({ type }) => type === 'pause')).toEqual(
      expect.arrayContaining([
        { type: 'pause', number: 1, paused: true },
        { type: 'pause', number: 2, paused: false },
      ]),
    );
  });

  it('[SL1] is told what is taken, and by whom', () => {
    const { source, say, said } = openSource();
    source.select(selectionOf(9, 8));
    say({ type: 'ping', id: 9 });
    expect(said).toContainEqual({
      type: 'select',
      manifest: root,
      files: '_wA',
      receiver: 'A'.repeat(16),
    });
  });

  it('[LN4] is asked for no more than the window holds, however much is wanted', () => {
    const { source, say, said } = openSource();
    const manifest = makeManifest(8 * PIECE_BYTES);
    source.select({ ...selectionOf(1), manifest });
    source.request([0, 1, 2, 3, 4, 5, 6, 7]);
    say({ type: 'ping', id: 9 });
    const ranges = said.flatMap((message) => (message.type === 'request' ? message.ranges : []));
    const asked = ranges.reduce((sum, [, , , length]) => sum + length, 0);
    expect(asked).toBeGreaterThan(0);
    expect(asked).toBeLessThan(PIECE_BYTES);
  });

  it('[RQ4] may say before anything is selected that a file cannot be had', () => {
    const { source, say, heard, closed } = openSource();
    say({ type: 'unavailable', file: 1, reason: 'source-changed' });
    say({ type: 'unavailable', file: 2, reason: 'source-unreadable' });
    expect(heard).toEqual([]);
    source.select(selectionOf(3, 1));
    expect(heard).toEqual([['unavailable', 2, 'source-unreadable']]);
    expect(closed).toEqual([]);
  });

  it('[EN1] may give its root hash again only over fewer files', () => {
    const { source, say, heard, closed } = openSource();
    source.select(selectionOf(3));
    say({ type: 'root', root, files: 'Bw' });
    say({ type: 'root', root, files: 'BQ' });
    expect(heard).toEqual([
      ['root', 3],
      ['root', 2],
    ]);
    // One that the last has overtaken says nothing new.
    say({ type: 'root', root, files: 'Bw' });
    expect(heard).toHaveLength(2);
    say({ type: 'root', root, files: 'BQ' });
    expect(closed).toEqual(['message-unexpected']);
  });

  it('[EN2] is told that all is here once, and not before it has given its own root hash', () => {
    const { source, say, said } = openSource();
    const told = () => said.filter(({ type }) => type === 'complete');
    source.select(selectionOf(3));
    source.reportComplete(root);
    expect(told()).toEqual([]);
    say({ type: 'root', root, files: 'Bw' });
    expect(told()).toEqual([{ type: 'complete', root }]);
    say({ type: 'root', root, files: 'BQ' });
    expect(told()).toHaveLength(1);
  });

  it.each<[string, ControlMessage, ErrorReason]>([
    [
      'over files that were not selected',
      { type: 'root', root, files: 'Bw' },
      'message-unexpected',
    ],
    ['over files that do not exist', { type: 'root', root, files: '_w' }, 'message-malformed'],
  ])('[EN1] closes on a root hash %s', (_, message, reason) => {
    const { source, say, closed } = openSource();
    source.select(selectionOf(3, 2));
    say(message);
    expect(closed).toEqual([reason]);
  });

  it.each<[string, ControlMessage]>([
    [
      'a part of the manifest that nobody asked for',
      { type: 'manifest-part', part: 0, parts: 1, entries },
    ],
    ['a request', { type: 'request', ranges: [[0, 0, 0, 1]] }],
    ['a root hash before anything was selected', { type: 'root', root, files: '' }],
  ])('[LS2] closes on %s', (_, message) => {
    const { say, closed } = openSource();
    say(message);
    expect(closed).toEqual(['message-unexpected']);
  });

  it('[RQ4] closes on a file that does not exist, and hears once what is said on every lane', () => {
    const beyond = openSource();
    beyond.source.select(selectionOf(2));
    beyond.say({ type: 'unavailable', file: 2, reason: 'source-changed' });
    expect(beyond.closed).toEqual(['message-unexpected']);
    const early = openSource();
    early.say({ type: 'unavailable', file: 2, reason: 'source-changed' });
    early.source.select(selectionOf(2));
    expect(early.closed).toEqual(['message-unexpected']);
    const twice = openSource();
    twice.source.select(selectionOf(2));
    twice.say({ type: 'unavailable', file: 0, reason: 'source-changed' });
    twice.say({ type: 'unavailable', file: 0, reason: 'source-unreadable' });
    expect(twice.heard).toEqual([['unavailable', 0, 'source-changed']]);
    expect(twice.closed).toEqual([]);
  });
});
