import { PROTOCOL_VERSION } from '../../signaling/protocol/limits.ts';
import { describe, expect, it } from 'vitest';
import { OnehopError } from '../errors/onehop-error.ts';
import type { LaneListener } from '../peer/lane.ts';
import type { RoomListener } from '../room/room.ts';
import { fullNumberSet } from '../share/number-set.ts';
import { makeManifest } from '../testing/make-manifest.ts';
import { MemoryStore } from '../testing/memory-store.ts';
import { type ControlMessage, encodeControlMessage } from '../transfer/control-message.ts';
import { Fetch } from '../transfer/fetch.ts';
import { decodePeerMessage } from '../transfer/peer-message.ts';
import { Receipt } from '../transfer/receipt.ts';
import { SenderLink } from './sender-link.ts';

interface TestLane {
  readonly listener: LaneListener;
  readonly said: ControlMessage[];
  /** whether the channel is going, and nobody has been told yet */
  dying: boolean;
}

const nothing = () => {};

/** A link to a sender whose lanes the test opens and has die. */
function openLink() {
  const lanes: TestLane[] = [];
  const rooms: RoomListener[] = [];
  const link = new SenderLink(
    {
      clock: () => 0,
      startTicker: nothing,
      openRoom: (_role, _keys, listener) => {
        rooms.push(listener);
        return {
          sendSignal: nothing,
          sendNote: () => true,
          leave: nothing,
          disconnect: nothing,
          tick: nothing,
          checkConnection: nothing,
        };
      },
      openLane: (_options, listener) => {
        const lane: TestLane = { listener, said: [], dying: false };
        lanes.push(lane);
        return {
          maxMessageBytes: 65_536,
          full: false,
          readPath: async () => null,
          signal: nothing,
          close: nothing,
          send: (bytes) => {
            if (lane.dying) throw new OnehopError('connection-lost');
            const decoded = decodePeerMessage(bytes.slice().buffer);
            if (decoded.type === 'control') lane.said.push(decoded.message);
          },
        };
      },
    },
    { roomId: '', joinProof: '', joinVerifier: '' },
    true,
    {
      onWaiting: nothing,
      onUp: nothing,
      onManifest: nothing,
      onDown: nothing,
      onEnded: nothing,
      onSenderPaused: nothing,
      onUpload: nothing,
      onRootKnown: nothing,
    },
  );
  rooms[0]?.onEntered({
    offered: true,
    upload: null,
    membership: { token: '', iceServers: [], maxLanes: 1 },
    iceServers: [],
    maxLanes: 1,
    sender: { peerId: 'sender', online: true },
  });
  const greet = (number: number) => {
    lanes[number]?.listener.onOpen();
    const hello = encodeControlMessage({
      type: 'hello',
      protocol: PROTOCOL_VERSION,
      inflates: true,
    });
    lanes[number]?.listener.onMessage(hello.buffer);
  };
  return { link, lanes, greet };
}

describe('a link to the sender', () => {
  it('asks nothing of a lane that is lost while it is told what is wanted', () => {
    const { link, lanes, greet } = openLink();
    greet(0);
    const manifest = makeManifest(5, 7);
    const files = fullNumberSet(2);
    const store = new MemoryStore([5, 7]);
    const fetch = new Fetch(new Receipt(manifest, files, store), files, {
      onProgress: nothing,
      onFilesFailed: nothing,
      onTrouble: nothing,
      onChecking: nothing,
      onDone: nothing,
      onFailed: nothing,
    });
    const digest = 'A'.repeat(43);
    for (const lane of lanes) lane.dying = true;
    const selection = { manifest, digest, files, receiver: 'A'.repeat(16) };
    link.serve({ fetch, selection, pressedAt: null });
    greet(1);
    const requests = lanes[1]?.said.filter(({ type }) => type === 'request');
    expect(requests).toMatchObject([
      {
        ranges: [
          [0, 0, 0, 5],
          [1, 0, 0, 7],
        ],
      },
    ]);
    link.end('receiver-left');
  });
});
