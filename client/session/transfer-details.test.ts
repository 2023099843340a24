import { describe, expect, it } from 'vitest';
import { ratesOf } from '../progress/rate-history.ts';
import { manifest, offered, running } from '../testing/driven-page.ts';
import type { ReceivePhase } from './receive-phase.ts';
import {
  type ReceiverEvent,
  type ReceiverList,
  createReceiverList,
  stepReceivers,
} from './receiver-list.ts';
import { type TransferDetails, followReceipt, followReceiver } from './transfer-details.ts';
import type { TransferReport } from './transfer-report.ts';

const REPORT: TransferReport = {
  lanes: 4,
  roundTripMs: 40,
  path: 'relayed',
  windowBytes: 500_000,
  firstByteMs: 90,
  travelledBytes: 10,
  plainBytes: 30,
};

function phaseWith(
  bytes: number,
  change: Partial<Extract<ReceivePhase, { type: 'running' }>> = {},
) {
  const { phase } = running();
  if (phase.type !== 'running') throw new Error('it does not run');
  return { ...phase, taken: { ...phase.taken, bytes }, ...change } as const;
}

function doneWith(bytes: number): ReceivePhase {
  const { taken } = phaseWith(bytes);
  return { type: 'done', taken, seconds: 1, farewellAt: null, packing: null, saveFailure: null };
}

describe('details of a receipt', () => {
  it('has none before it runs', () => {
    expect(followReceipt(null, offered().phase, REPORT, 0)).toBeNull();
    expect(followReceipt(null, phaseWith(0, { stage: 'preparing' }), REPORT, 0)).toBeNull();
    expect(followReceipt(null, doneWith(10), null, 0)).toBeNull();
  });

  it('follows how the bytes travel and how fast they came, and keeps both after the end', () => {
    let details = followReceipt(null, phaseWith(0), REPORT, 1_000);
    details = followReceipt(details, phaseWith(10_000), { ...REPORT, lanes: 5 }, 1_500);
    expect(details).toMatchObject({ report: { lanes: 5 }, ended: false });
    details = followReceipt(details, doneWith(16_000), null, 2_000);
    expect(details).toMatchObject({ report: { ...REPORT, lanes: 5 }, rate: null, ended: true });
    expect(ratesOf(details?.history ?? { samples: [], gapMs: 0 })).toEqual([
      { seconds: 0.5, rate: 20_000 },
      { seconds: 1, rate: 16_000 },
    ]);
    expect(followReceipt(details, doneWith(16_000), null, 9_000)).toBe(details);
  });

  it('knows neither round trip nor way while there is no lane, but when the first byte came', () => {
    const before = followReceipt(null, phaseWith(0), REPORT, 0);
    const details = followReceipt(before, phaseWith(0), null, 500);
    expect(details?.report).toEqual({
      ...REPORT,
      lanes: 0,
      roundTripMs: null,
      path: null,
      windowBytes: null,
    });
  });

  it('gives a rate only of what moves', () => {
    const meter = [
      { at: 0, bytes: 0 },
      { at: 1_000, bytes: 5_000 },
    ];
    const rateOf = (change: Parameters<typeof phaseWith>[1]) =>
      followReceipt(null, phaseWith(5_000, { meter, ...change }), REPORT, 1_000)?.rate;
    expect(rateOf({})).toBe(5_000);
    expect(rateOf({ paused: true })).toBeNull();
    expect(rateOf({ senderPaused: true })).toBeNull();
    expect(rateOf({ down: { reason: 'connection-lost', since: 0 } })).toBeNull();
    expect(rateOf({ stage: 'checking' })).toBeNull();
  });

  it('ends with a failure, and begins anew with the next try', () => {
    const details = followReceipt(null, phaseWith(0), REPORT, 0);
    const { taken } = phaseWith(0);
    const failed = { type: 'failed', reason: 'storage-failed', manifest, taken } as const;
    const ended = followReceipt(details, failed, null, 500);
    expect(ended).toMatchObject({ report: REPORT, ended: true });
    expect(followReceipt(ended, failed, null, 900)).toBe(ended);
    expect(followReceipt(ended, { type: 'searching' }, null, 1_000)).toBeNull();
    const again = followReceipt(ended, phaseWith(3), REPORT, 2_000);
    expect(again).toMatchObject({ history: { samples: [{ at: 2_000, bytes: 3 }] }, ended: false });
  });
});

describe('details of what a receiver does', () => {
  const selected = { type: 'receiver-selected', peerId: 'a', receiver: 'r', bytes: 100 } as const;
  const stage = (to: 'choosing' | 'receiving' | 'done') =>
    ({ type: 'receiver-stage', peerId: 'a', stage: to }) as const;
  const progress = (bytes: number) => ({ type: 'receiver-progress', peerId: 'a', bytes }) as const;

  /** What is known after these events, one every half second. */
  function follow(...events: readonly ReceiverEvent[]): TransferDetails | null {
    let list: ReceiverList = createReceiverList(100);
    let details: TransferDetails | null = null;
    for (const [index, event] of events.entries()) {
      const now = index * 500;
      ({ list } = stepReceivers(list, event, now));
      const entry = list.entries.get(1);
      const lost = event.type === 'receiver-lost';
      const sending = lost ? null : ({ lanes: 2, roundTripMs: 12, path: 'direct' } as const);
      if (entry !== undefined) details = followReceiver(details, entry, sending, now);
    }
    return details;
  }

  const begun = [
    { type: 'receiver-connecting', peerId: 'a' },
    stage('choosing'),
    stage('receiving'),
    selected,
  ] as const;

  it('has none before it has said what it takes', () => {
    expect(follow(...begun.slice(0, 3))).toBeNull();
    expect(follow(...begun)).toMatchObject({
      report: { lanes: 2, roundTripMs: 12, path: 'direct', windowBytes: null, firstByteMs: null },
      history: { samples: [{ at: 1_500, bytes: 0 }] },
    });
  });

  it('follows how much it has, to the end and no further', () => {
    const over = follow(...begun, progress(40), progress(100), stage('done'), { type: 'tick' });
    expect(over).toMatchObject({ report: { lanes: 2 }, rate: null, ended: true });
    expect(over?.history.samples.map(({ bytes }) => bytes)).toEqual([0, 40, 100, 100]);
  });

  it('has no lane while the receiver is gone', () => {
    const lost = { type: 'receiver-lost', peerId: 'a', reason: 'connection-lost' } as const;
    expect(follow(...begun, progress(40), lost)).toMatchObject({
      report: { lanes: 0, roundTripMs: null, path: null },
      rate: null,
      ended: false,
    });
  });
});
