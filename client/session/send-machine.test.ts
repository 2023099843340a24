import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeManifest } from '../testing/make-manifest.ts';
import { summarizeFiles } from './file-summary.ts';
import {
  MAX_LISTED_RECEIVERS,
  type SendEffect,
  type SendEvent,
  type SendPhase,
  stepSend,
} from './send-machine.ts';
import { viewSend } from './send-view.ts';

const manifest = makeManifest(100);
const files = summarizeFiles(manifest);

function run(phase: SendPhase, ...events: readonly SendEvent[]) {
  const effects: SendEffect[] = [];
  let current = phase;
  for (const [index, event] of events.entries()) {
    const step = stepSend(current, event, index * 1_000);
    current = step.phase;
    effects.push(...step.effects);
  }
  return { phase: current, effects };
}

const sharing = () =>
  run({ type: 'idle' }, { type: 'share', manifest }, { type: 'opened', link: 'link' }).phase;
const receiversOf = (phase: SendPhase) => {
  const view = viewSend(phase, files, 0);
  return view.type === 'sharing' ? view.receivers : [];
};

describe('sending page', () => {
  it('opens a share for the chosen files and shows its link', () => {
    const opening = run({ type: 'idle' }, { type: 'share', manifest });
    expect(opening.effects).toEqual([{ type: 'open-share', manifest }]);
    expect(viewSend(opening.phase, files, 0)).toEqual({ type: 'opening', files });
    const opened = run(opening.phase, { type: 'opened', link: 'link' });
    expect(viewSend(opened.phase, files, 0)).toMatchObject({ type: 'sharing', link: 'link' });
  });

  it('says so when there are more files than a share may hold', () => {
    const { phase, effects } = run({ type: 'idle' }, { type: 'share', manifest: null });
    expect(viewSend(phase, [], 0)).toEqual({ type: 'failed', reason: 'too-many-files', files: [] });
    expect(effects).toEqual([]);
  });

  it('lists each receiver with what it is doing and how far it is', () => {
    const { phase } = run(
      sharing(),
      { type: 'receiver-connecting', peerId: 'a' },
      { type: 'receiver-stage', peerId: 'a', stage: 'receiving' },
      { type: 'receiver-progress', peerId: 'a', bytes: 40 },
      { type: 'receiver-connecting', peerId: 'b' },
    );
    expect(receiversOf(phase)).toMatchObject([
      { number: 1, status: { type: 'receiving' }, progress: { bytes: 40, totalBytes: 100 } },
      { number: 2, status: { type: 'connecting' }, progress: { bytes: 0 } },
    ]);
  });

  it('tells a receiver that left from one that was through', () => {
    const { phase } = run(
      sharing(),
      { type: 'receiver-connecting', peerId: 'a' },
      { type: 'receiver-stage', peerId: 'a', stage: 'done' },
      { type: 'receiver-lost', peerId: 'a', reason: 'connection-lost' },
      { type: 'receiver-connecting', peerId: 'b' },
      { type: 'receiver-lost', peerId: 'b', reason: 'connection-lost' },
      { type: 'receiver-connecting', peerId: 'c' },
      { type: 'receiver-lost', peerId: 'c', reason: 'receiver-cancelled' },
    );
    expect(receiversOf(phase).map((receiver) => receiver.status)).toEqual([
      { type: 'done' },
      { type: 'failed', reason: 'receiver-left' },
      { type: 'failed', reason: 'receiver-cancelled' },
    ]);
  });

  it('keeps its list of receivers short, and those who are not through in it', () => {
    let phase = run(sharing(), { type: 'receiver-connecting', peerId: 'stays' }).phase;
    for (let count = 0; count < 3 * MAX_LISTED_RECEIVERS; count += 1) {
      const peerId = `${count}`;
      phase = run(
        phase,
        { type: 'receiver-connecting', peerId },
        { type: 'receiver-lost', peerId, reason: 'receiver-left' },
      ).phase;
    }
    expect(receiversOf(phase).length).toBe(MAX_LISTED_RECEIVERS);
    expect(receiversOf(phase)[0]).toMatchObject({ id: 'stays', number: 1 });
    expect(receiversOf(phase).at(-1)?.number).toBe(3 * MAX_LISTED_RECEIVERS + 1);
  });

  it('closes the share when it is stopped or fails, with the reason for its receivers', () => {
    expect(run(sharing(), { type: 'stop' })).toEqual({
      phase: { type: 'cancelled' },
      effects: [{ type: 'close-share', reason: 'sender-stopped' }],
    });
    expect(run(sharing(), { type: 'failed', reason: 'share-expired' })).toEqual({
      phase: { type: 'failed', reason: 'share-expired', manifest },
      effects: [{ type: 'close-share', reason: 'share-expired' }],
    });
  });

  it('brings running transfers to their end when its room is gone, and only then fails', () => {
    const running = run(
      sharing(),
      { type: 'receiver-connecting', peerId: 'a' },
      { type: 'receiver-stage', peerId: 'a', stage: 'receiving' },
      { type: 'failed', reason: 'share-expired' },
    );
    expect(viewSend(running.phase, files, 0)).toMatchObject({ type: 'sharing', online: false });
    const done = run(running.phase, { type: 'receiver-stage', peerId: 'a', stage: 'done' });
    expect(done.phase).toMatchObject({ type: 'failed', reason: 'share-expired' });
    expect(done.effects).toEqual([{ type: 'close-share', reason: 'share-expired' }]);
  });

  it('starts over only when a share has ended', () => {
    const stopped = run(sharing(), { type: 'stop' }).phase;
    expect(run(stopped, { type: 'start-over' }).phase).toEqual({ type: 'idle' });
    expect(run(sharing(), { type: 'start-over' }).phase.type).toBe('sharing');
  });

  it('shows whether the server is in reach', () => {
    const { phase } = run(sharing(), { type: 'online', online: false });
    expect(viewSend(phase, files, 0)).toMatchObject({ online: false });
  });

  it('whatever happens: every share that is opened is closed before the next', () => {
    const events = fc.constantFrom<SendEvent>(
      { type: 'share', manifest },
      { type: 'share', manifest: null },
      { type: 'opened', link: 'link' },
      { type: 'online', online: false },
      { type: 'receiver-connecting', peerId: 'a' },
      { type: 'receiver-stage', peerId: 'a', stage: 'done' },
      { type: 'receiver-progress', peerId: 'a', bytes: 1 },
      { type: 'receiver-lost', peerId: 'a', reason: 'connection-lost' },
      { type: 'failed', reason: 'unexpected' },
      { type: 'stop' },
      { type: 'start-over' },
      { type: 'tick' },
    );
    fc.assert(
      fc.property(fc.array(events, { maxLength: 60 }), (schedule) => {
        const { effects } = run({ type: 'idle' }, ...schedule);
        const kinds = effects.map((effect) => effect.type);
        for (const [index, kind] of kinds.entries()) {
          expect(kind).toBe(index % 2 === 0 ? 'open-share' : 'close-share');
        }
      }),
      { numRuns: 500 },
    );
  });
});
