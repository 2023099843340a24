import { describe, expect, it } from 'vitest';
import { withNumbers } from '../share/number-set.ts';
import {
  BROWSER,
  DrivenPage,
  everything,
  manifest,
  offered,
  running,
  typesOf,
} from '../testing/driven-page.ts';
import { FAREWELL_MS } from './receive-running.ts';
import { STORING_GRACE_MS } from './receive-view.ts';

describe('receiving page', () => {
  it('looks for what is kept, then for the sender, and shows what is offered', () => {
    const page = new DrivenPage();
    expect(page.effects).toEqual([{ type: 'search' }]);
    expect(page.state).toMatchObject({ type: 'connecting', step: 'kept' });
    expect(page.post({ type: 'searched', kept: null })).toEqual([
      { type: 'start-link', persistent: false },
    ]);
    expect(page.state).toMatchObject({ type: 'connecting', step: 'room' });
    page.post({ type: 'waiting', for: 'peer' });
    expect(page.state).toMatchObject({ type: 'connecting', step: 'peer' });
    expect(typesOf(page.post({ type: 'link-up' }))).toEqual(['fetch-manifest']);
    expect(page.post({ type: 'manifest', manifest })).toEqual([
      { type: 'persist-link' },
      { type: 'open-store' },
      { type: 'measure-fit', bytes: manifest.totalBytes },
    ]);
    expect(page.state).toMatchObject({ type: 'offered', selectedBytes: manifest.totalBytes });
  });

  it('takes the files that were selected, and only those', () => {
    const page = offered();
    expect(page.post({ type: 'select', files: [0, 7], included: false })).toEqual([
      { type: 'measure-fit', bytes: 15 },
    ]);
    const selected = withNumbers(everything, [0], false);
    expect(page.state).toMatchObject({ type: 'offered', selected, selectedBytes: 15 });
    expect(page.post({ type: 'receive', into: 'folder' })).toEqual([
      { type: 'begin-store', manifest, selected, into: 'folder' },
      { type: 'start-fetch' },
    ]);
    page.post({ type: 'select', files: [1, 2], included: false });
    expect(page.state).toMatchObject({ selected });
  });

  it('takes nothing where nothing is selected', () => {
    const page = offered();
    page.post({ type: 'select', files: [0, 1, 2], included: false });
    expect(page.post({ type: 'receive', into: 'browser' })).toEqual([]);
    expect(page.state.type).toBe('offered');
  });

  it('fetches while the store is made ready, and is done once everything is in it and checked', () => {
    const page = offered();
    expect(typesOf(page.post({ type: 'receive', into: 'browser' }))).toEqual([
      'begin-store',
      'start-fetch',
    ]);
    expect(page.state).toMatchObject({ type: 'receiving', phase: 'transferring' });
    expect(page.post({ type: 'begun', place: BROWSER })).toEqual([]);
    page.now = 2_000;
    page.post({ type: 'progress', bytes: manifest.totalBytes }, { type: 'checking' });
    expect(page.state).toMatchObject({ type: 'receiving', phase: 'finishing' });
    expect(typesOf(page.post({ type: 'complete' }))).toEqual(['note-complete', 'leave-room']);
    expect(page.state).toMatchObject({ type: 'done', seconds: 2, failures: [] });
  });

  it('[EN2] keeps the lane for a while when it is done, then closes it, and stays done', () => {
    const page = running();
    page.post({ type: 'complete' });
    page.now = FAREWELL_MS - 1;
    expect(page.post({ type: 'tick' })).toEqual([]);
    page.now = FAREWELL_MS;
    expect(page.post({ type: 'tick' })).toEqual([{ type: 'end-link', reason: 'receiver-left' }]);
    expect(page.post({ type: 'tick' }, { type: 'link-ended', reason: 'sender-left' })).toEqual([]);
    expect(page.state.type).toBe('done');
  });

  it('says while it reconnects that it does, and keeps what it has', () => {
    const page = running();
    page.post({ type: 'link-down', reason: 'connection-lost' });
    expect(page.state).toMatchObject({ type: 'receiving', phase: 'reconnecting' });
    page.post({ type: 'link-up' });
    expect(page.state).toMatchObject({ phase: 'transferring', progress: { bytes: 100 } });
  });

  it('says at once that the sender left, and goes on by itself when it is back', () => {
    const page = running();
    page.post({ type: 'link-down', reason: 'sender-left' });
    expect(page.state).toMatchObject({
      type: 'failed',
      reason: 'sender-left',
      retrying: true,
      kept: { bytes: 100 },
    });
    page.post({ type: 'link-up' });
    expect(page.state.type).toBe('receiving');
  });

  it('waits a little for what may be all there was to come when the sender left', () => {
    const page = running();
    page.post({ type: 'root-known' }, { type: 'link-down', reason: 'sender-left' });
    page.now = STORING_GRACE_MS - 1;
    expect(page.state.type).toBe('receiving');
    page.now = STORING_GRACE_MS;
    expect(page.state.type).toBe('failed');
    page.post({ type: 'checking' });
    expect(page.state).toMatchObject({ type: 'receiving', phase: 'finishing' });
    page.post({ type: 'link-ended', reason: 'sender-left' }, { type: 'complete' });
    expect(page.state.type).toBe('done');
  });

  it('still needs the sender where a file failed after it gave the root hash, and does not wait without end', () => {
    const page = running();
    const failures = [{ file: 2, reason: 'source-changed' }] as const;
    page.post(
      { type: 'root-known' },
      { type: 'files-failed', failures },
      { type: 'checking' },
      { type: 'link-down', reason: 'connection-lost' },
    );
    expect(page.state).toMatchObject({ type: 'receiving', phase: 'reconnecting' });
    page.post({ type: 'link-ended', reason: 'connection-lost' });
    expect(page.state).toMatchObject({ type: 'failed', retrying: false });
  });

  it('does not take for the room there is what was measured for another selection', () => {
    const page = offered();
    const fit = (neededBytes: number) => {
      const reclaimable = { count: 0, bytes: 0 };
      return { fits: true, neededBytes, availableBytes: null, reclaimable, canPickFolder: false };
    };
    page.post({ type: 'select', files: [0], included: false }, { type: 'fit', fit: fit(15) });
    page.post({ type: 'fit', fit: fit(manifest.totalBytes) });
    expect(page.state).toMatchObject({ type: 'offered', storage: { neededBytes: 15 } });
  });

  it('says of what is only offered that the sender left, and offers it again when it is back', () => {
    const page = offered();
    page.post({ type: 'link-down', reason: 'sender-left' });
    expect(page.state).toMatchObject({ type: 'failed', retrying: true, kept: null });
    page.post({ type: 'link-up' });
    expect(page.state.type).toBe('offered');
  });

  it('stays paused when the link is given up, and makes another one on Resume', () => {
    const page = running();
    page.post({ type: 'pause' });
    expect(page.post({ type: 'link-ended', reason: 'connection-lost' })).toEqual([]);
    expect(page.state.type).toBe('paused');
    const resumed = page.post({ type: 'resume' });
    expect(resumed).toContainEqual({ type: 'start-link', persistent: true });
  });

  it('says also while it is paused that the sender has ended the transfer', () => {
    const page = running();
    page.post({ type: 'pause' }, { type: 'link-ended', reason: 'sender-cancelled' });
    expect(page.state).toMatchObject({ type: 'failed', reason: 'sender-cancelled' });
    expect(page.state).toMatchObject({ retrying: false, kept: { bytes: 100 } });
  });

  it('fails with what it has when the link was given up, and begins anew on Try again', () => {
    const page = running();
    expect(page.post({ type: 'link-ended', reason: 'sender-stopped' })).toEqual([
      { type: 'end-link', reason: 'sender-stopped' },
    ]);
    expect(page.state).toMatchObject({ type: 'failed', retrying: false, kept: { bytes: 100 } });
    expect(page.post({ type: 'try-again' })).toEqual([{ type: 'search' }]);
  });
});
