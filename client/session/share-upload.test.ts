import { describe, expect, it, vi } from 'vitest';
import { OnehopError } from '../errors/onehop-error.ts';
import { makeManifest } from '../testing/make-manifest.ts';
import { sampleUpload } from '../testing/fake-server-source.ts';
import type { KeptUpload, UploadTask, UploaderListener } from '../upload/uploader.ts';
import { ShareUpload, type ShareUploadTools } from './share-upload.ts';
import type { UploadPhase } from './upload-machine.ts';

const ID = 'i'.repeat(22);
const KEPT: KeptUpload = { id: ID, salt: 's'.repeat(22), owner: 'o'.repeat(43) };
const CHOICE = { lifetimeHours: 1, downloadLimit: 1 };

function open({
  kept = null as KeptUpload | null,
  has = null as ReturnType<typeof sampleUpload> | null,
} = {}) {
  const phases: UploadPhase['type'][] = [];
  const notes: (KeptUpload | null)[] = [];
  const tasks: UploadTask[] = [];
  const listeners: UploaderListener[] = [];
  let running = 0;
  const deleted = vi.fn<ShareUploadTools['uploads']['delete']>(async () => {});
  const upload = new ShareUpload(
    {
      clock: () => 0,
      uploads: {
        status: async () => {
          if (has === null) throw new OnehopError('upload-not-found');
          return has;
        },
        delete: deleted,
      },
      openUploader: (task, _tools, listener) => {
        tasks.push(task);
        listeners.push(listener);
        running += 1;
        return { close: () => (running -= 1) };
      },
    },
    {
      manifest: makeManifest(3),
      secret: new Uint8Array(16),
      keys: { roomId: 'r', joinProof: 'p', joinVerifier: 'v' },
      kept,
      read: () => Promise.reject(new OnehopError('source-unreadable')),
      hashOf: () => null,
    },
    { onPhase: ({ type }) => phases.push(type), onKept: (one) => notes.push(one) },
  );
  return { upload, phases, notes, tasks, listeners, deleted, running: () => running };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

describe('what a sender leaves with the server', () => {
  it('is sent on the terms that were chosen, kept for a later page, and deleted when it is told to', async () => {
    const { upload, phases, notes, tasks, listeners, deleted, running } = open();
    upload.upload(CHOICE);
    await settled();
    expect(tasks[0]).toMatchObject({
      lifetimeSeconds: 3_600,
      downloadLimit: 1,
      kept: { id: null },
    });
    listeners[0]?.onCreated(ID);
    listeners[0]?.onComplete();
    upload.note(sampleUpload());
    upload.delete();
    await settled();
    expect(phases).toEqual(['uploading', 'stored', 'stored', 'deleting', 'gone']);
    expect(deleted.mock.calls).toHaveLength(1);
    const made = tasks[0]?.kept;
    expect(notes).toEqual([made, { ...made, id: ID }, null]);
    expect(deleted.mock.calls[0]?.[1]).toBe(made?.owner);
    expect(running()).toBe(0);
  });

  it('of an earlier page is gone on with where it is not whole', async () => {
    const { phases, tasks } = open({ kept: KEPT, has: sampleUpload({ complete: false }) });
    await settled();
    await settled();
    expect(phases).toEqual(['looking', 'uploading']);
    expect(tasks[0]?.kept).toEqual(KEPT);
  });

  it('whose files have changed is deleted before another one is begun', async () => {
    const { upload, tasks, listeners, deleted, notes } = open({
      kept: KEPT,
      has: sampleUpload({ complete: false }),
    });
    await settled();
    await settled();
    let clear = () => {};
    deleted.mockReturnValueOnce(new Promise<void>((resolve) => (clear = resolve)));
    listeners[0]?.onFailed('source-changed');
    upload.upload(CHOICE);
    await settled();
    expect(tasks.length).toBe(1);
    // Until it is gone, a later page can delete it.
    expect(notes).toMatchObject([KEPT, { id: null, owner: KEPT.owner }]);
    clear();
    await settled();
    expect(tasks[1]?.kept).toMatchObject({ id: null, owner: KEPT.owner });
    expect(tasks[1]?.kept.salt).not.toBe(KEPT.salt);
  });

  it('stays when the page goes, and goes when the share is stopped', async () => {
    for (const [andDelete, times] of [
      [false, 0],
      [true, 1],
    ] as const) {
      const { upload, listeners, deleted, running } = open();
      upload.upload(CHOICE);
      await settled();
      listeners[0]?.onCreated(ID);
      upload.close(andDelete);
      await settled();
      expect([deleted.mock.calls.length, running()]).toEqual([times, 0]);
    }
  });

  it.each([
    ['it is deleted', (upload: ShareUpload) => upload.delete()],
    ['the share is stopped', (upload: ShareUpload) => upload.close(true)],
  ])('is deleted once it has been made, where %s while it is being made', async (_, end) => {
    const { upload, listeners, deleted, running, notes } = open();
    upload.upload(CHOICE);
    await settled();
    // A page that goes away now leaves the owner key to the next one.
    expect(notes).toMatchObject([{ id: null }]);
    end(upload);
    await settled();
    expect([deleted.mock.calls.length, running()]).toEqual([0, 1]);
    listeners[0]?.onCreated(ID);
    await settled();
    expect([deleted.mock.calls.length, running()]).toEqual([1, 0]);
  });

  it('that was given up is deleted by who stops the share before that was heard of', async () => {
    const { upload, listeners, deleted } = open({
      kept: KEPT,
      has: sampleUpload({ complete: false }),
    });
    await settled();
    await settled();
    deleted.mockRejectedValueOnce(new OnehopError('upload-unreachable'));
    listeners[0]?.onFailed('source-changed');
    await settled();
    upload.close(true);
    await settled();
    expect(deleted.mock.calls.map((call) => call[1])).toEqual([KEPT.owner, KEPT.owner]);
  });

  it('that is refused by name leaves nothing to a later page', async () => {
    const { upload, listeners, notes } = open();
    upload.upload(CHOICE);
    await settled();
    listeners[0]?.onFailed('server-storage-full');
    expect(notes.at(-1)).toBeNull();
  });

  it('that an earlier page may have made is begun anew, and by the same owner', async () => {
    const { upload, phases, tasks } = open({ kept: { ...KEPT, id: null } });
    await settled();
    expect([phases, tasks.length]).toEqual([[], 0]);
    upload.upload(CHOICE);
    await settled();
    expect(tasks[0]?.kept.owner).toBe(KEPT.owner);
  });
});
