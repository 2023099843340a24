import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FIRST_CHOICE } from '../session/delivery-state.ts';
import { createSecret } from '../share/link.ts';
import { makeManifest } from '../testing/make-manifest.ts';
import { deleteKeptShare, listKeptShares } from './kept-shares.ts';
import { ShareFolder, openSentFolder } from './share-folder.ts';
import { keepShare, takeUpShare } from './share-keeper.ts';
import type { ShareRecord } from './share-record.ts';

const WEEK_MS = 7 * 24 * 60 * 60 * 1_000;

function makeRecord(): ShareRecord {
  return {
    secret: createSecret(),
    manifest: makeManifest(3, 4),
    membership: null,
    upload: null,
    sendBy: 'any',
    choice: FIRST_CHOICE,
    createdAt: Date.now(),
  };
}

async function clear(): Promise<void> {
  sessionStorage.clear();
  const parent = await openSentFolder();
  const ids: string[] = [];
  for await (const id of parent.keys()) ids.push(id);
  for (const id of ids) await parent.removeEntry(id, { recursive: true });
}

const list = () => listKeptShares(Date.now());

/** A share that a page kept and left. */
async function leaveShare(record = makeRecord()): Promise<ShareFolder> {
  const folder = await ShareFolder.create(record);
  if (folder === null) throw new Error('nobody else has it');
  folder.release();
  await expect.poll(async () => (await list()).map(({ id }) => id)).toContain(folder.id);
  return folder;
}

beforeEach(clear);
afterEach(clear);

describe('a kept share', () => {
  it('is taken up by a later page as it was left, with its last place in the room', async () => {
    const record = makeRecord();
    const kept = await keepShare(record);
    const membership = { token: 't'.repeat(22), iceServers: [], maxLanes: 4 };
    kept?.noteMembership(membership);
    kept?.release();
    await expect.poll(async () => (await list()).length).toBe(1);
    const again = await takeUpShare(null);
    expect(again?.record).toEqual({ ...record, membership });
    again?.release();
  });

  it('is listed only while no page is at it, the newest first', async () => {
    const kept = await keepShare(makeRecord());
    const left = await leaveShare();
    expect(await list()).toMatchObject([
      { id: left.id, name: 'file-0', fileCount: 2, totalBytes: 7 },
    ]);
    kept?.release();
    await expect.poll(async () => (await list()).length).toBe(2);
  });

  it('is had by one page at a time: another one waits, and gets it when it is let go', async () => {
    const { id } = await leaveShare();
    const first = await takeUpShare(id);
    const waiting = takeUpShare(id);
    expect(await Promise.race([waiting, Promise.resolve('waits')])).toBe('waits');
    first?.release();
    const second = await waiting;
    expect(second).not.toBeNull();
    second?.release();
  });

  it('is not had by another page that does not let it go', async () => {
    const kept = await keepShare(makeRecord());
    expect(await takeUpShare(null)).toBeNull();
    expect(sessionStorage.length).toBe(0);
    kept?.release();
  });

  it('is gone when it is removed', async () => {
    const kept = await keepShare(makeRecord());
    await kept?.remove();
    expect(await list()).toEqual([]);
    expect(await takeUpShare(null)).toBeNull();
    expect(sessionStorage.length).toBe(0);
  });

  it('is gone when it is deleted from the list, but not while a page is at it', async () => {
    const { id } = await leaveShare();
    const kept = await takeUpShare(id);
    await deleteKeptShare(id);
    kept?.release();
    expect((await list()).length).toBe(1);
    await deleteKeptShare(id);
    expect(await list()).toEqual([]);
  });

  it('is forgotten after a week', async () => {
    await leaveShare();
    expect((await listKeptShares(Date.now() + WEEK_MS - 60_000)).length).toBe(1);
    expect(await listKeptShares(Date.now() + WEEK_MS)).toEqual([]);
    expect(await list()).toEqual([]);
  });

  it('is none where its record is damaged, and is then removed', async () => {
    const { id } = await leaveShare();
    const parent = await openSentFolder();
    const folder = await parent.getDirectoryHandle(id);
    const stream = await (await folder.getFileHandle('share')).createWritable();
    await stream.write('{');
    await stream.close();
    expect(await takeUpShare(id)).toBeNull();
    expect(await list()).toEqual([]);
    await expect(parent.getDirectoryHandle(id)).rejects.toThrow('not be found');
  });
});
