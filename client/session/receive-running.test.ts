import { describe, expect, it } from 'vitest';
import type { ErrorReason } from '../errors/error-reason.ts';
import { PIECE_BYTES } from '../share/manifest.ts';
import { BROWSER, DrivenPage, keptOf, offered, running, typesOf } from '../testing/driven-page.ts';
import type { ReceiveEvent } from './receive-phase.ts';

describe('a transfer on the receiving page', () => {
  it('goes on by itself with what an earlier page left', () => {
    const page = new DrivenPage();
    expect(page.post({ type: 'searched', kept: keptOf() })).toEqual([
      { type: 'recover-store', ask: false },
      { type: 'start-link', persistent: true },
    ]);
    expect(page.state).toMatchObject({
      type: 'connecting',
      step: 'kept',
      kept: { bytes: PIECE_BYTES },
    });
    page.post({ type: 'prepared', place: BROWSER, bytes: 7 });
    expect(page.state).toMatchObject({ type: 'receiving', phase: 'reconnecting' });
    page.post({ type: 'link-up' });
    expect(page.state).toMatchObject({ phase: 'transferring', progress: { bytes: 7 } });
    page.post({ type: 'complete' });
    expect(page.state).toMatchObject({ type: 'done', seconds: null });
  });

  it('stays paused where an earlier page was, until Resume', () => {
    const page = new DrivenPage();
    page.post({ type: 'searched', kept: keptOf({ paused: true }) });
    expect(typesOf(page.post({ type: 'prepared', place: BROWSER, bytes: 7 }))).toEqual([
      'start-fetch',
      'pause-fetch',
    ]);
    expect(page.state).toMatchObject({ type: 'paused', by: 'you' });
    expect(page.post({ type: 'resume' })).toEqual([
      { type: 'note-paused', paused: false },
      { type: 'resume-fetch' },
    ]);
  });

  it('shows what an earlier page completed, without asking anybody', () => {
    const page = new DrivenPage();
    const failures = [{ file: 1, reason: 'source-changed' }] as const;
    expect(page.post({ type: 'searched', kept: keptOf({ complete: true, failures }) })).toEqual([]);
    expect(page.state).toMatchObject({ type: 'done', failures, totalBytes: PIECE_BYTES + 5 });
  });

  it('pauses and resumes by either side, and says by whom', () => {
    const page = running();
    expect(page.post({ type: 'pause' })).toEqual([
      { type: 'pause-fetch' },
      { type: 'note-paused', paused: true },
    ]);
    expect(page.state).toMatchObject({ type: 'paused', by: 'you' });
    page.post({ type: 'sender-paused', paused: true });
    expect(page.state).toMatchObject({ type: 'paused', by: 'both' });
    page.post({ type: 'resume' });
    expect(page.state).toMatchObject({ type: 'paused', by: 'sender' });
    expect(page.post({ type: 'resume' })).toEqual([]);
    page.post({ type: 'sender-paused', paused: false });
    expect(page.state.type).toBe('receiving');
  });

  it('makes a new link on Resume where the old one was given up while it was paused', () => {
    const page = running();
    page.post({ type: 'pause' }, { type: 'link-ended', reason: 'sender-left' });
    expect(page.state.type).toBe('paused');
    expect(typesOf(page.post({ type: 'resume' }))).toEqual([
      'note-paused',
      'resume-fetch',
      'start-link',
    ]);
    expect(page.state).toMatchObject({ type: 'receiving', phase: 'reconnecting' });
  });

  it('pauses for a full disk, says so, and goes on once there is room', () => {
    const page = running();
    const trouble: ReceiveEvent = { type: 'trouble', reason: 'storage-full' };
    expect(typesOf(page.post(trouble))).toEqual(['pause-fetch']);
    expect(page.state).toMatchObject({ type: 'paused', by: 'trouble', reason: 'storage-full' });
    expect(typesOf(page.post({ type: 'resume' }))).toEqual(['resume-fetch']);
    expect(page.state.type).toBe('receiving');
  });

  it('asks for a folder again that an earlier page wrote into, and then goes on', () => {
    const page = new DrivenPage();
    const place = { type: 'folder', name: 'Pictures' } as const;
    page.post({ type: 'searched', kept: keptOf({ place }) });
    page.post({ type: 'trouble', reason: 'folder-refused' });
    expect(page.state).toMatchObject({ type: 'paused', by: 'trouble', reason: 'folder-refused' });
    expect(page.post({ type: 'resume' })).toEqual([
      { type: 'end-link', reason: 'lane-replaced' },
      { type: 'recover-store', ask: true },
      { type: 'start-link', persistent: true },
    ]);
    expect(typesOf(page.post({ type: 'prepared', place, bytes: 3 }))).toEqual(['start-fetch']);
  });

  it('looks at what a folder has before it goes on after its disk was full', () => {
    const page = offered();
    const place = { type: 'folder', name: 'Pictures' } as const;
    page.post({ type: 'receive', into: 'folder' }, { type: 'begun', place });
    page.post({ type: 'progress', bytes: 100 }, { type: 'trouble', reason: 'storage-full' });
    expect(typesOf(page.post({ type: 'resume' }))).toEqual([
      'end-link',
      'recover-store',
      'start-link',
    ]);
    expect(typesOf(page.post({ type: 'prepared', place, bytes: 40 }))).toEqual(['start-fetch']);
    expect(page.state).toMatchObject({ type: 'receiving', progress: { bytes: 40 } });
  });

  it.each<ErrorReason>(['storage-failed', 'script-missing', 'unexpected'])(
    'fails on %s, which waiting does not mend, and lets go of the store',
    (reason) => {
      const page = running();
      expect(typesOf(page.post({ type: 'trouble', reason }))).toEqual(['end-link', 'keep-store']);
      expect(page.state).toMatchObject({ type: 'failed', reason, kept: { bytes: 100 } });
    },
  );

  it('drops what is not what was offered', () => {
    const page = running();
    expect(page.post({ type: 'failed', reason: 'root-mismatch' })).toContainEqual({
      type: 'discard-store',
    });
    expect(page.state).toMatchObject({ type: 'failed', kept: null });
  });

  it('names a file that cannot be had, and is done without it', () => {
    const page = running();
    const failure = { file: 0, reason: 'source-changed' } as const;
    expect(page.post({ type: 'files-failed', failures: [failure] })).toEqual([
      { type: 'note-failures', failures: [failure] },
    ]);
    expect(page.state).toMatchObject({ failures: [failure], progress: { totalBytes: 15 } });
    page.post({ type: 'complete' });
    expect(page.state).toMatchObject({ type: 'done', failures: [failure], totalBytes: 15 });
  });

  it('fails where none of the files can be had', () => {
    const page = offered();
    page.post(
      { type: 'select', files: [0, 1], included: false },
      { type: 'receive', into: 'browser' },
      { type: 'begun', place: BROWSER },
      { type: 'files-failed', failures: [{ file: 2, reason: 'source-unreadable' }] },
    );
    expect(typesOf(page.post({ type: 'complete' }))).toEqual(['end-link', 'discard-store']);
    expect(page.state).toMatchObject({ type: 'failed', reason: 'source-unreadable' });
  });

  it('keeps what arrived, or drops it, as the user says on Cancel', () => {
    const kept = running();
    expect(typesOf(kept.post({ type: 'cancel', keep: true }))).toEqual(['end-link', 'keep-store']);
    expect(kept.state).toMatchObject({ type: 'cancelled', kept: { bytes: 100 } });
    const dropped = running();
    expect(typesOf(dropped.post({ type: 'cancel', keep: false }))).toEqual([
      'end-link',
      'discard-store',
    ]);
    expect(dropped.state).toMatchObject({ type: 'cancelled', kept: null });
    expect(dropped.post({ type: 'try-again' })).toEqual([{ type: 'search' }]);
  });

  it('shows how far an archive is, and why it could not be saved', () => {
    const page = running();
    page.post({ type: 'complete' }, { type: 'packing', fraction: 0.5 });
    expect(page.state).toMatchObject({ type: 'done', packing: 0.5 });
    page.post({ type: 'saved', failure: 'storage-failed' });
    expect(page.state).toMatchObject({ packing: null, saveFailure: 'storage-failed' });
  });

  it.each<ReceiveEvent>([
    { type: 'cancel', keep: false },
    { type: 'complete' },
    { type: 'failed', reason: 'unexpected' },
  ])('stays where it ended by $type, whatever comes late', (end) => {
    const page = running();
    page.post(end);
    const { phase } = page;
    page.post(
      { type: 'progress', bytes: 5 },
      { type: 'trouble', reason: 'storage-full' },
      { type: 'link-ended', reason: 'sender-left' },
      { type: 'failed', reason: 'unexpected' },
      { type: 'pause' },
      { type: 'cancel', keep: true },
      { type: 'tick' },
    );
    expect(page.phase).toBe(phase);
  });
});
