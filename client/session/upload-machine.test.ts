import { describe, expect, it } from 'vitest';
import type { UploadSummary } from '../../signaling/protocol/uploads.ts';
import { sampleUpload } from '../testing/fake-server-source.ts';
import {
  type UploadPhase,
  type UploadPhaseEffect,
  type UploadPhaseEvent,
  stepUpload,
} from './upload-machine.ts';

const summary = (changes: Partial<UploadSummary> = {}): UploadSummary =>
  sampleUpload({ downloadLimit: 2, downloads: 1, claimable: 1, ...changes });

const told = (upload: UploadSummary | null): UploadPhaseEvent => ({
  type: 'told',
  upload,
  wallTime: 1_000_000,
});

function run(...events: readonly UploadPhaseEvent[]) {
  let phase: UploadPhase = { type: 'none' };
  const effects: UploadPhaseEffect['type'][] = [];
  for (const event of events) {
    const step = stepUpload(phase, event, 0);
    phase = step.phase;
    effects.push(...step.effects.map(({ type }) => type));
  }
  return { phase, effects };
}

const progress: UploadPhaseEvent = { type: 'progress', sent: 5, total: 10 };
const stored = { expiresAt: 1_060_000, downloadLimit: 2, downloads: 1 };

describe('the upload of a share', () => {
  it('is sent, and then stored until its time is up', () => {
    const { phase, effects } = run(
      { type: 'upload' },
      told(null),
      told(summary({ complete: false })),
      progress,
      { type: 'complete' },
    );
    expect(phase).toEqual({ type: 'stored', ...stored });
    expect(effects).toEqual(['send']);
    expect(run({ type: 'upload' }, progress).phase).toMatchObject({ sent: 5, total: 10 });
  });

  it('asks until when the server keeps it, where that was not said', () => {
    const { phase, effects } = run({ type: 'upload' }, { type: 'complete' }, told(summary()));
    expect(effects).toEqual(['send', 'ask']);
    expect(phase).toEqual({ type: 'stored', ...stored });
  });

  it('of an earlier page is gone on with, or is there, or is over', () => {
    const halfway = run({ type: 'take-up' }, told(summary({ complete: false })));
    expect(halfway.phase.type).toBe('uploading');
    expect(halfway.effects).toEqual(['ask', 'send']);
    expect(run({ type: 'take-up' }, told(summary())).phase.type).toBe('stored');
    const over = run({ type: 'take-up' }, told(null));
    expect(over).toEqual({ phase: { type: 'gone', why: 'over' }, effects: ['ask', 'forget'] });
  });

  it('is gone when the server says so, and can be made anew', () => {
    const gone = [{ type: 'upload' }, { type: 'complete' }, told(null)] as const;
    expect(run(...gone).phase).toEqual({ type: 'gone', why: 'over' });
    expect(run(...gone, { type: 'upload' }).phase.type).toBe('uploading');
  });

  it('is deleted at any time', () => {
    for (const before of [[], [{ type: 'complete' }]] as const) {
      const { phase, effects } = run({ type: 'upload' }, ...before, { type: 'delete' });
      expect(phase).toEqual({ type: 'deleting' });
      expect(effects.slice(-2)).toEqual(['stop-sending', 'delete']);
    }
    const deleted = run({ type: 'upload' }, { type: 'delete' }, { type: 'deleted' });
    expect(deleted.phase).toEqual({ type: 'gone', why: 'deleted' });
    expect(deleted.effects.at(-1)).toBe('forget');
    expect(run({ type: 'delete' }).effects).toEqual([]);
  });

  it('that failed goes on where it was, unless that upload is no more or its files are others', () => {
    const lost = run({ type: 'upload' }, { type: 'failed', reason: 'upload-unreachable' });
    expect(lost.phase).toEqual({ type: 'failed', reason: 'upload-unreachable', deleting: false });
    expect(lost.effects).toEqual(['send']);
    const gone = run({ type: 'upload' }, { type: 'failed', reason: 'upload-not-found' });
    expect(gone.effects).toEqual(['send', 'forget']);
    const changed = run({ type: 'upload' }, { type: 'failed', reason: 'source-changed' });
    expect(changed.effects).toEqual(['send', 'abandon']);
  });

  it('that could not be deleted is deleted by another try, and not sent again', () => {
    const { phase, effects } = run(
      { type: 'upload' },
      { type: 'delete' },
      { type: 'failed', reason: 'upload-unreachable' },
      { type: 'upload' },
    );
    expect(phase).toEqual({ type: 'deleting' });
    expect(effects).toEqual(['send', 'stop-sending', 'delete', 'stop-sending', 'delete']);
  });

  it('takes no late word for news', () => {
    const deleted: UploadPhaseEvent[] = [{ type: 'upload' }, { type: 'delete' }];
    const late: UploadPhaseEvent[] = [
      progress,
      { type: 'complete' },
      told(summary()),
      { type: 'upload' },
    ];
    for (const event of late) {
      expect(run(...deleted, event).phase).toEqual({ type: 'deleting' });
    }
  });
});
