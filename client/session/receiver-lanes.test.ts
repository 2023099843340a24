import { describe, expect, it } from 'vitest';
import type { Signal } from '../../signaling/protocol/signal.ts';
import { SILENCE_WHILE_OFFLINE_MS } from '../transfer/conversation.ts';
import type { SeederLaneListener } from '../transfer/seeder-lane.ts';
import { MAX_LANES_PER_RECEIVER, type ReceiverLane, ReceiverLanes } from './receiver-lanes.ts';

const offer: Signal = { type: 'offer', sdp: 'o' };
const answer: Signal = { type: 'answer', sdp: 'a' };
const candidate: Signal = {
  type: 'candidate',
  candidate: { candidate: 'c', sdpMid: null, sdpMLineIndex: null },
};

/** A lane as a test has it: what it was told, and its listener. */
class FakeLane implements ReceiverLane {
  open = false;
  silentMs = 0;
  roundTripMs: number | null = null;
  readonly told: string[] = [];
  readonly listener: SeederLaneListener;

  constructor(listener: SeederLaneListener) {
    this.listener = listener;
  }

  async readPath() {
    return 'direct' as const;
  }

  sendLaneSignal(lane: number, { type }: Signal): void {
    this.told.push(`${type} of ${lane}`);
  }

  signal({ type }: Signal): void {
    this.told.push(type);
  }

  tick(online: boolean): void {
    this.told.push(`tick ${online}`);
  }

  failFile(file: number): void {
    this.told.push(`file ${file}`);
  }

  setPaused(paused: boolean): void {
    this.told.push(paused ? 'pause' : 'resume');
  }

  close(reason: Parameters<ReceiverLane['close']>[0]): void {
    if (this.told.includes('closed')) return;
    this.open = false;
    this.told.push('closed');
    this.listener.onClosed(reason);
  }

  /** Greets. */
  greet(): this {
    this.open = true;
    this.listener.onStage('choosing');
    return this;
  }
}

/** The lanes of a receiver, and all that they tell. */
function openPeer() {
  const lanes: FakeLane[] = [];
  const told: string[] = [];
  const gone: string[] = [];
  const overRoom: string[] = [];
  const peer = new ReceiverLanes('peer', {
    openLane: (listener) => {
      const lane = new FakeLane(listener);
      lanes.push(lane);
      return lane;
    },
    sendSignal: (lane, { type }) => overRoom.push(`${type} of ${lane}`),
    post: ({ type, ...rest }) => told.push([type, ...Object.values(rest)].join(' ')),
    onLaneKnown: () => {},
    onGone: (reason) => gone.push(reason),
  });
  /** A lane that has greeted. */
  const greet = (number: number, via: FakeLane | null = null): FakeLane => {
    peer.signal(number, offer, via);
    const lane = lanes.at(-1);
    if (lane === undefined) throw new Error('the lane is there');
    return lane.greet();
  };
  return { peer, lanes, told, gone, overRoom, greet };
}

describe('the lanes to a receiver', () => {
  it('[LN1] are answered over the lane that their offer came over, else over another one, else over the room', () => {
    const { peer, overRoom, greet } = openPeer();
    const first = greet(0);
    const second = greet(1, first);
    const third = greet(2, first);
    first.listener.onSignal(answer);
    second.listener.onSignal(answer);
    expect([overRoom, first.told.at(-1)]).toEqual([['answer of 0'], 'answer of 1']);
    first.close('connection-lost');
    third.listener.onSignal(candidate);
    expect(second.told.at(-1)).toBe('candidate of 2');
    second.open = false;
    third.open = false;
    third.listener.onSignal(candidate);
    expect(overRoom.at(-1)).toBe('candidate of 2');
    expect(peer.lanes).toHaveLength(2);
  });

  it('[LN1] open for an offer only, and take then what has overtaken it', () => {
    const { peer, lanes, greet } = openPeer();
    peer.signal(0, candidate, null);
    const first = greet(0);
    expect(first.told).toEqual(['offer']);
    first.listener.onLaneSignal(1, candidate);
    first.listener.onLaneSignal(2, candidate);
    first.listener.onLaneSignal(1, offer);
    expect(lanes).toHaveLength(2);
    expect(lanes[1]?.told).toEqual(['offer', 'candidate']);
  });

  it('[CV6] are no more than the limit, whoever brings their offers', () => {
    const { lanes, greet } = openPeer();
    const first = greet(0);
    for (let lane = 1; lane < 2 * MAX_LANES_PER_RECEIVER; lane += 1) {
      first.listener.onLaneSignal(lane, offer);
    }
    expect(lanes).toHaveLength(MAX_LANES_PER_RECEIVER);
  });

  it('count as one: what a further lane is at says nothing of the receiver', () => {
    const { told, greet } = openPeer();
    const first = greet(0);
    first.listener.onSelected('r', 7);
    first.listener.onPaused(true);
    told.length = 0;
    const second = greet(1, first);
    second.listener.onStage('receiving');
    second.listener.onPaused(false);
    second.listener.onProgress(5);
    expect(told).toEqual([]);
    first.listener.onProgress(6);
    expect(told).toEqual(['receiver-progress 6 peer']);
  });

  it('[SL1] have the one for the main lane that the receiver said last on what it takes', () => {
    const { told, greet } = openPeer();
    const first = greet(0);
    const second = greet(1, first);
    first.listener.onSelected('r', 7);
    second.listener.onPaused(true);
    first.close('connection-lost');
    told.length = 0;
    second.listener.onSelected('r', 7);
    second.listener.onProgress(5);
    expect(told).toEqual([
      'receiver-selected r 7 peer',
      'receiver-paused true peer',
      'receiver-progress 5 peer',
    ]);
  });

  it('are gone with the last of them, and for what one said that speaks for all', () => {
    const one = openPeer();
    const first = one.greet(0);
    const second = one.greet(1, first);
    first.close('peer-silent');
    expect(one.gone).toEqual([]);
    second.close('connection-lost');
    expect(one.gone).toEqual(['connection-lost']);
    const other = openPeer();
    const lanes = [other.greet(0), other.greet(1), other.greet(2)];
    lanes[1]?.close('receiver-cancelled');
    expect(lanes.map(({ told }) => told.at(-1))).toEqual(['closed', 'closed', 'closed']);
    expect(other.gone).toEqual(['receiver-cancelled']);
  });

  it('[PS2] are paused together, and also those that come later', () => {
    const { peer, greet } = openPeer();
    const first = greet(0);
    peer.setPaused(true);
    const second = greet(1, first);
    expect([first.told.at(-1), second.told.at(-1)]).toEqual(['pause', 'pause']);
    peer.setPaused(false);
    expect([greet(2, first).told.at(-1), second.told.at(-1)]).toEqual(['offer', 'resume']);
  });

  it('are silent when every one is that is open', () => {
    const { peer, lanes, greet } = openPeer();
    expect(peer.silent).toBe(false);
    const first = greet(0);
    peer.signal(1, offer, first);
    first.silentMs = SILENCE_WHILE_OFFLINE_MS;
    expect(peer.silent).toBe(true);
    lanes[1]?.greet();
    expect(peer.silent).toBe(false);
    for (const lane of lanes) lane.silentMs = SILENCE_WHILE_OFFLINE_MS;
    expect(peer.silent).toBe(true);
    peer.dropSilent(first);
    expect(peer.lanes).toEqual([first]);
  });

  it('say how many are open, and the smallest round trip', async () => {
    const { peer, lanes, greet } = openPeer();
    expect([peer.report, await peer.readPath()]).toEqual([{ lanes: 0, roundTripMs: null }, null]);
    const first = greet(0);
    greet(1, first).roundTripMs = 30;
    first.roundTripMs = 40;
    peer.signal(2, offer, first);
    expect([peer.report, await peer.readPath()]).toEqual([{ lanes: 2, roundTripMs: 30 }, 'direct']);
    peer.tick();
    peer.failFile(3, 'source-changed');
    for (const { told } of lanes) expect(told.slice(-2)).toEqual(['tick true', 'file 3']);
  });

  it('that cannot even be made are none', () => {
    const told: string[] = [];
    const peer = new ReceiverLanes('peer', {
      openLane: (listener) => {
        const lane = new FakeLane(listener);
        listener.onClosed('connection-lost');
        return lane;
      },
      sendSignal: () => {},
      post: ({ type }) => told.push(type),
      onLaneKnown: () => {},
      onGone: (reason) => told.push(reason),
    });
    peer.signal(0, offer, null);
    expect([peer.lanes, told]).toEqual([[], []]);
  });
});
