import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeManifest } from '../testing/make-manifest.ts';
import { summarizeFiles } from './file-summary.ts';
import { type SendEffect, type SendEvent, type SendPhase, stepSend } from './send-machine.ts';
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
const interrupted = () =>
  run({ type: 'idle' }, { type: 'interrupted', manifest, link: 'link' }).phase;
const failure = { file: 0, reason: 'source-changed' } as const;
const running: readonly SendEvent[] = [
  { type: 'receiver-connecting', peerId: 'a' },
  { type: 'receiver-stage', peerId: 'a', stage: 'receiving' },
];

describe('sending page', () => {
  it('opens a share for the chosen files and shows its link', () => {
    const opening = run({ type: 'idle' }, { type: 'share', manifest });
    expect(opening.effects).toEqual([{ type: 'open-share', manifest, failures: [] }]);
    expect(viewSend(opening.phase, files, 0)).toEqual({ type: 'opening', files });
    const opened = run(opening.phase, { type: 'opened', link: 'link' });
    expect(viewSend(opened.phase, files, 0)).toMatchObject({ type: 'sharing', link: 'link' });
  });

  it('says so when there are more files than a share may hold', () => {
    const { phase, effects } = run({ type: 'idle' }, { type: 'share', manifest: null });
    expect(viewSend(phase, [], 0)).toEqual({ type: 'failed', reason: 'too-many-files', files: [] });
    expect(effects).toEqual([]);
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
    const without = run(sharing(), ...running, { type: 'failed', reason: 'share-expired' });
    expect(viewSend(without.phase, files, 0)).toMatchObject({ type: 'sharing', online: false });
    const done = run(without.phase, { type: 'receiver-stage', peerId: 'a', stage: 'done' });
    expect(done.phase).toMatchObject({ type: 'failed', reason: 'share-expired' });
    expect(done.effects).toEqual([{ type: 'close-share', reason: 'share-expired' }]);
  });

  it('waits for no receiver that was lost when its room is gone', () => {
    const { phase } = run(
      sharing(),
      ...running,
      { type: 'receiver-lost', peerId: 'a', reason: 'connection-lost' },
      { type: 'failed', reason: 'share-expired' },
    );
    expect(phase).toMatchObject({ type: 'failed', reason: 'share-expired' });
  });

  it('fails at once when nothing can be read any more', () => {
    const { phase, effects } = run(sharing(), ...running, {
      type: 'broken',
      reason: 'script-missing',
    });
    expect(phase).toMatchObject({ type: 'failed', reason: 'script-missing' });
    expect(effects).toEqual([{ type: 'close-share', reason: 'script-missing' }]);
  });

  it('lists its receivers, and the files that cannot be sent any more', () => {
    const { phase } = run(sharing(), ...running, { type: 'file-failed', ...failure });
    expect(viewSend(phase, files, 0)).toMatchObject({
      receivers: [{ id: '1', number: 1, status: { type: 'receiving' } }],
      failures: [failure],
    });
  });

  it('asks for the files of a share that was interrupted, and goes on when it has them all', () => {
    expect(viewSend(interrupted(), files, 0)).toEqual({
      type: 'interrupted',
      files,
      link: 'link',
      unrecognized: [],
      canContinue: false,
    });
    const { effects } = run(interrupted(), { type: 'recognized', unrecognized: [], failures: [] });
    expect(effects).toEqual([{ type: 'open-share', manifest, failures: [] }]);
  });

  it('says which files it does not recognise, and goes on without them when it is told to', () => {
    const unrecognized = [{ name: 'file-0', problem: 'changed' as const }];
    const some = run(interrupted(), { type: 'recognized', unrecognized, failures: [failure] });
    expect(some.effects).toEqual([]);
    expect(viewSend(some.phase, files, 0)).toMatchObject({ unrecognized, canContinue: true });
    const on = run(some.phase, { type: 'continue-without' }, { type: 'opened', link: 'link' });
    expect(on.effects).toEqual([{ type: 'open-share', manifest, failures: [failure] }]);
    expect(viewSend(on.phase, files, 0)).toMatchObject({ type: 'sharing', failures: [failure] });
  });

  it('does not go on while it recognises nothing', () => {
    const none = run(
      interrupted(),
      { type: 'recognized', unrecognized: [], failures: null },
      { type: 'continue-without' },
    );
    expect(none.phase.type).toBe('interrupted');
    expect(none.effects).toEqual([]);
  });

  it('forgets a share that is given up', () => {
    expect(run(interrupted(), { type: 'give-up' })).toEqual({
      phase: { type: 'idle' },
      effects: [{ type: 'forget-share' }],
    });
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
      { type: 'interrupted', manifest, link: 'link' },
      { type: 'recognized', unrecognized: [], failures: [] },
      { type: 'recognized', unrecognized: [], failures: [failure] },
      { type: 'continue-without' },
      { type: 'give-up' },
      { type: 'opened', link: 'link' },
      { type: 'online', online: false },
      { type: 'receiver-connecting', peerId: 'a' },
      { type: 'receiver-stage', peerId: 'a', stage: 'receiving' },
      { type: 'receiver-stage', peerId: 'a', stage: 'done' },
      { type: 'receiver-progress', peerId: 'a', bytes: 1 },
      { type: 'receiver-lost', peerId: 'a', reason: 'connection-lost' },
      { type: 'file-failed', ...failure },
      { type: 'failed', reason: 'unexpected' },
      { type: 'broken', reason: 'unexpected' },
      { type: 'stop' },
      { type: 'start-over' },
      { type: 'tick' },
    );
    fc.assert(
      fc.property(fc.array(events, { maxLength: 60 }), (schedule) => {
        const { effects } = run({ type: 'idle' }, ...schedule);
        const kinds = effects.flatMap(({ type }) => (type === 'forget-share' ? [] : [type]));
        for (const [index, kind] of kinds.entries()) {
          expect(kind).toBe(index % 2 === 0 ? 'open-share' : 'close-share');
        }
      }),
      { numRuns: 500 },
    );
  });
});
