import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeManifest } from '../testing/make-manifest.ts';
import {
  FAREWELL_MS,
  LOSS_GRACE_MS,
  SENDER_WAIT_MS,
  STORING_GRACE_MS,
  beginReceive,
  stepReceive,
} from './receive-machine.ts';
import type { ReceiveEffect, ReceiveEvent, ReceivePhase } from './receive-phase.ts';
import { summarizeFiles } from './file-summary.ts';
import { viewReceive } from './receive-view.ts';

const manifest = makeManifest(100, 50);
type Timed = readonly [now: number, event: ReceiveEvent];

function run(phase: ReceivePhase, ...events: readonly Timed[]) {
  const effects: ReceiveEffect[] = [];
  let current = phase;
  for (const [now, event] of events) {
    const step = stepReceive(current, event, now);
    current = step.phase;
    effects.push(...step.effects);
  }
  return { phase: current, effects };
}

const offered = () =>
  run(
    beginReceive().phase,
    [0, { type: 'entered', senderOnline: true }],
    [0, { type: 'source-opened' }],
    [0, { type: 'manifest', manifest }],
  ).phase;
const running = () => run(offered(), [1_000, { type: 'receive' }]).phase;
const lost = (senderOnline: boolean): ReceiveEvent => ({
  type: 'source-closed',
  reason: 'connection-lost',
  senderOnline,
});

describe('receiving page', () => {
  it('goes from the room over sender and list to the offer', () => {
    const { phase, effects } = run(
      beginReceive().phase,
      [0, { type: 'entered', senderOnline: true }],
      [0, { type: 'source-opened' }],
      [0, { type: 'manifest', manifest }],
    );
    expect(phase).toEqual({ type: 'offered', manifest });
    expect(effects.map((effect) => effect.type)).toEqual([
      'open-source',
      'fetch-manifest',
      'prepare-store',
    ]);
  });

  it('waits for a sender whose socket dropped, but not for ever', () => {
    const waiting = run(beginReceive().phase, [0, { type: 'entered', senderOnline: false }]).phase;
    expect(run(waiting, [9, { type: 'sender-online' }]).effects).toEqual([{ type: 'open-source' }]);
    const late = run(waiting, [SENDER_WAIT_MS, { type: 'tick' }]).phase;
    expect(late).toMatchObject({ type: 'failed', reason: 'sender-left' });
  });

  it('fetches when Receive is pressed, and is done with the time that took', () => {
    const { phase, effects } = run(
      offered(),
      [1_000, { type: 'receive' }],
      [2_000, { type: 'progress', bytes: 150 }],
      [2_500, { type: 'checking' }],
      [3_000, { type: 'complete' }],
    );
    expect(phase).toMatchObject({ type: 'done', seconds: 2 });
    expect(effects).toEqual([{ type: 'start-fetch', manifest }, { type: 'leave-room' }]);
  });

  it('closes its lane a while after it is done, where the sender did not', () => {
    const done = run(running(), [2_000, { type: 'complete' }]).phase;
    expect(run(done, [2_001, { type: 'tick' }]).effects).toEqual([]);
    const farewell = run(done, [2_000 + FAREWELL_MS, { type: 'tick' }], [9_999, { type: 'tick' }]);
    expect(farewell.effects).toEqual([{ type: 'end', reason: 'receiver-left' }]);
    expect(farewell.phase.type).toBe('done');
  });

  it('keeps what arrived when the sender leaves, and fetches only the rest on another try', () => {
    const { phase, effects } = run(
      running(),
      [1_500, { type: 'progress', bytes: 100 }],
      [2_000, lost(false)],
    );
    expect(phase).toEqual({ type: 'failed', reason: 'sender-left', manifest, kept: 100 });
    expect(effects).toEqual([{ type: 'end', reason: 'sender-left' }]);
    const again = run(
      phase,
      [3_000, { type: 'try-again' }],
      [3_000, { type: 'entered', senderOnline: true }],
      [3_000, { type: 'source-opened' }],
      [3_000, { type: 'manifest', manifest }],
    );
    expect(again.phase).toMatchObject({ type: 'running', bytes: 100 });
    expect(again.effects.map((effect) => effect.type)).not.toContain('discard');
  });

  it('still tells what is kept when the other try does not get far', () => {
    const failed = run(running(), [1_500, { type: 'progress', bytes: 100 }], [2_000, lost(false)]);
    const again = run(
      failed.phase,
      [3_000, { type: 'try-again' }],
      [3_000, { type: 'room-closed', reason: 'share-not-found' }],
    );
    expect(again.phase).toMatchObject({ type: 'failed', reason: 'share-not-found', kept: 100 });
  });

  it('gives the server a moment to say that the sender is gone when the lane is lost', () => {
    const losing = run(running(), [2_000, lost(true)]).phase;
    expect(losing.type).toBe('losing');
    expect(run(losing, [2_100, { type: 'sender-offline' }]).phase).toMatchObject({
      reason: 'sender-left',
    });
    expect(
      run(losing, [2_100, { type: 'room-closed', reason: 'sender-stopped' }]).phase,
    ).toMatchObject({
      reason: 'sender-stopped',
    });
    expect(run(losing, [2_000 + LOSS_GRACE_MS, { type: 'tick' }]).phase).toMatchObject({
      reason: 'connection-lost',
    });
  });

  it.each<[string, ReceiveEvent]>([
    ['is lost', lost(false)],
    ['leaves', { type: 'source-closed', reason: 'sender-left', senderOnline: true }],
    ['stops sharing', { type: 'source-closed', reason: 'sender-stopped', senderOnline: false }],
  ])('is done also when the sender %s right after its last byte', (_, end) => {
    const whole = run(running(), [2_000, { type: 'root-known' }], [2_000, end]);
    const { phase } = run(
      whole.phase,
      [2_010, { type: 'sender-offline' }],
      [2_020, { type: 'room-closed', reason: 'sender-left' }],
      [2_100, { type: 'progress', bytes: 150 }],
      [2_100, { type: 'checking' }],
      [90_000, { type: 'tick' }],
      [90_050, { type: 'complete' }],
    );
    expect(phase.type).toBe('done');
  });

  it('fails when the sender leaves after its last byte and something is missing all the same', () => {
    const { phase } = run(
      running(),
      [2_000, { type: 'root-known' }],
      [2_000, lost(true)],
      [2_010, { type: 'sender-offline' }],
      [2_000 + STORING_GRACE_MS, { type: 'tick' }],
    );
    expect(phase).toMatchObject({ type: 'failed', reason: 'sender-left' });
  });

  it('fails when the sender leaves before it gave the root hash', () => {
    const { phase } = run(running(), [2_000, { type: 'checking' }], [2_001, lost(false)]);
    expect(phase).toMatchObject({ type: 'failed', reason: 'sender-left', kept: 0 });
  });

  it('fails by the reason that the sender gave', () => {
    const stopped: ReceiveEvent = {
      type: 'source-closed',
      reason: 'sender-stopped',
      senderOnline: true,
    };
    expect(run(running(), [2_000, stopped]).phase).toMatchObject({ reason: 'sender-stopped' });
    expect(run(offered(), [2_000, stopped]).phase).toMatchObject({ reason: 'sender-stopped' });
  });

  it('needs no server while its lane is open', () => {
    const closed: ReceiveEvent = { type: 'room-closed', reason: 'share-not-found' };
    expect(run(running(), [2_000, closed]).phase.type).toBe('running');
    expect(run(offered(), [2_000, closed]).phase.type).toBe('offered');
  });

  it('drops what arrived when it is cancelled, and tells the sender', () => {
    const { phase, effects } = run(running(), [2_000, { type: 'cancel' }]);
    expect(phase.type).toBe('cancelled');
    expect(effects).toEqual([{ type: 'end', reason: 'receiver-cancelled' }, { type: 'discard' }]);
    const again = run(phase, [3_000, { type: 'try-again' }]);
    expect(again.phase).toEqual({ type: 'room', kept: null });
  });

  it('waits for a sender that goes offline while it connects, and connects anew when it is back', () => {
    const entered: ReceiveEvent = { type: 'entered', senderOnline: true };
    const { phase, effects } = run(
      beginReceive().phase,
      [0, entered],
      [1_000, { type: 'sender-offline' }],
      [1_001, lost(false)],
      [5_000, { type: 'sender-online' }],
    );
    expect(phase.type).toBe('peer');
    expect(effects.map((effect) => effect.type)).toEqual([
      'open-source',
      'close-source',
      'open-source',
    ]);
  });

  it('connects to the sender’s new address when the server was restarted while it connects', () => {
    const entered: ReceiveEvent = { type: 'entered', senderOnline: true };
    const { phase, effects } = run(beginReceive().phase, [0, entered], [1_000, entered]);
    expect(phase.type).toBe('peer');
    expect(effects.map((effect) => effect.type)).toEqual([
      'open-source',
      'close-source',
      'open-source',
    ]);
  });

  it('lets what has arrived be written, piece after piece, when the sender is gone', () => {
    const whole = run(running(), [2_000, { type: 'root-known' }], [2_000, lost(false)]).phase;
    const slow = run(
      whole,
      [4_500, { type: 'progress', bytes: 50 }],
      [5_000, { type: 'tick' }],
      [7_000, { type: 'progress', bytes: 100 }],
      [9_500, { type: 'tick' }],
    ).phase;
    expect(slow.type).toBe('losing');
    expect(run(slow, [10_500, { type: 'tick' }]).phase).toMatchObject({ reason: 'sender-left' });
  });

  it('takes only a word about the sender as the reason of a loss', () => {
    const losing = run(running(), [2_000, lost(true)]).phase;
    const refused = run(losing, [2_100, { type: 'room-closed', reason: 'share-not-found' }]).phase;
    expect(run(refused, [9_000, { type: 'tick' }]).phase).toMatchObject({
      reason: 'connection-lost',
    });
  });

  it('does not keep a store that failed for another try', () => {
    const failed = run(
      running(),
      [1_500, { type: 'progress', bytes: 100 }],
      [2_000, { type: 'failed', reason: 'storage-failed' }],
    );
    expect(failed.phase).toMatchObject({ type: 'failed', kept: 0 });
    expect(failed.effects.map((effect) => effect.type)).toEqual(['end', 'discard']);
  });

  it('connects when the room is another one after the server was restarted', () => {
    const waiting = run(beginReceive().phase, [0, { type: 'entered', senderOnline: false }]).phase;
    const again = run(waiting, [5_000, { type: 'entered', senderOnline: true }]);
    expect(again.effects).toEqual([{ type: 'open-source' }]);
  });

  it('stays done and says so when a received file cannot be saved', () => {
    const done = run(running(), [2_000, { type: 'complete' }]).phase;
    const failed = run(done, [3_000, { type: 'saved', failure: 'storage-failed' }]).phase;
    expect(failed).toMatchObject({ type: 'done', saveFailure: 'storage-failed' });
    const saved = run(failed, [3_000, { type: 'saved', failure: null }]).phase;
    expect(saved).toMatchObject({ type: 'done', saveFailure: null });
  });

  const events = fc.constantFrom<ReceiveEvent>(
    { type: 'entered', senderOnline: true },
    { type: 'entered', senderOnline: false },
    { type: 'sender-online' },
    { type: 'sender-offline' },
    { type: 'room-closed', reason: 'sender-stopped' },
    { type: 'source-opened' },
    { type: 'manifest', manifest },
    lost(true),
    lost(false),
    { type: 'source-closed', reason: 'frame-malformed', senderOnline: true },
    { type: 'progress', bytes: 50 },
    { type: 'checking' },
    { type: 'root-known' },
    { type: 'saved', failure: 'storage-failed' },
    { type: 'complete' },
    { type: 'failed', reason: 'storage-full' },
    { type: 'receive' },
    { type: 'cancel' },
    { type: 'try-again' },
    { type: 'tick' },
  );

  it('whatever happens: is done only by a completed fetch that Receive began, and always shows something', () => {
    const files = summarizeFiles(manifest);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(5_000), events), { maxLength: 80 }), (schedule) => {
        let now = 0;
        let phase = beginReceive().phase;
        for (const [gap, event] of schedule) {
          now += gap;
          const before = phase;
          phase = stepReceive(phase, event, now).phase;
          if (phase.type === 'done' && before.type !== 'done') {
            expect(event.type).toBe('complete');
            expect(['running', 'losing']).toContain(before.type);
          }
          expect(viewReceive(phase, files, now).type).toMatch(
            /^(connecting|offered|receiving|done|failed|cancelled)$/,
          );
        }
      }),
      { numRuns: 500 },
    );
  });
});
