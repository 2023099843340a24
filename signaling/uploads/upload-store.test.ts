import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FolderInUseError } from './folder-lock.ts';
import { FolderStore } from './folder-store.ts';
import type { UploadStore } from './upload-store.ts';

const ID = 'AAAAAAAAAAAAAAAAAAAAAA';
const OTHER = 'BBBBBBBBBBBBBBBBBBBBBB';

/** One way of keeping uploads, under test. */
interface StoreUnderTest {
  readonly store: UploadStore;
  /** the store as the next process finds it */
  readonly again: () => UploadStore;
  /** the names of everything that is kept */
  readonly names: () => Promise<readonly string[]>;
  /** leaves something behind as a process does that is killed: bytes alone, a record alone, a half record */
  readonly litter: (id: string, what: 'bytes' | 'record' | 'half') => Promise<void>;
  readonly end: () => Promise<void>;
}

async function folderUnderTest(): Promise<StoreUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), 'onehop-store-'));
  const path = join(folder, 'uploads');
  const suffixes = { bytes: '.bytes', record: '.json', half: '.json.new' };
  return {
    store: new FolderStore(path),
    again: () => new FolderStore(path),
    names: () => readdir(path),
    litter: (id, what) => writeFile(join(path, id + suffixes[what]), 'left'),
    end: () => rm(folder, { recursive: true }),
  };
}

describe.each([['a folder', folderUnderTest]])('uploads in %s', (_, make) => {
  let kept: StoreUnderTest;

  beforeEach(async () => {
    kept = await make();
    await kept.store.open();
  });

  afterEach(async () => {
    await kept.store.close();
    await kept.end();
  });

  async function write(store: UploadStore, at: number, ...chunks: readonly string[]) {
    const writer = await store.writer(ID, at);
    for (const chunk of chunks) await writer.write(Buffer.from(chunk));
    await writer.sync();
    await writer.close();
  }

  async function read(store: UploadStore, position: number, length: number): Promise<string> {
    const reader = await store.reader(ID);
    try {
      const target = Buffer.alloc(length);
      await reader.read(target, position);
      return target.toString();
    } finally {
      await reader.close();
    }
  }

  test('[UP6] what was written is there for the next process, with its record', async () => {
    await kept.store.create(ID, 'record');
    await write(kept.store, 0, 'abc', 'def');
    await write(kept.store, 6, 'ghi');
    await kept.store.close();
    const again = kept.again();
    await again.open();
    expect(await again.list()).toEqual([ID]);
    expect(await again.record(ID)).toBe('record');
    expect(await again.size(ID)).toBe(9);
    expect(await read(again, 2, 5)).toBe('cdefg');
    await again.close();
  });

  test('[UP19] it is one process’s at a time: another one changes nothing', async () => {
    await kept.store.create(ID, 'record');
    await kept.litter(OTHER, 'bytes');
    await expect(kept.again().open()).rejects.toThrow(FolderInUseError);
    expect((await kept.names()).length).toBe(3);
  });

  test('a writer cuts off what is behind its start, and what it is told to', async () => {
    await kept.store.create(ID, 'record');
    await write(kept.store, 0, 'abcdef');
    await write(kept.store, 4, 'XYZ');
    expect(await read(kept.store, 0, 7)).toBe('abcdXYZ');
    const writer = await kept.store.writer(ID, 7);
    await writer.truncate(2);
    await writer.write(Buffer.from('!'));
    await writer.close();
    expect(await kept.store.size(ID)).toBe(3);
    expect(await read(kept.store, 0, 3)).toBe('ab!');
  });

  test('bytes can be read while more are written, and not before they are there', async () => {
    await kept.store.create(ID, 'record');
    const writer = await kept.store.writer(ID, 0);
    const reader = await kept.store.reader(ID);
    await writer.write(Buffer.from('abc'));
    writer.flush();
    const target = Buffer.alloc(3);
    await reader.read(target, 0);
    expect(target.toString()).toBe('abc');
    await expect(reader.read(target, 1)).rejects.toThrow('shorter');
    await reader.close();
    await writer.sync();
    await writer.close();
  });

  test('a record is replaced as a whole', async () => {
    await kept.store.create(ID, 'one');
    await kept.store.saveRecord(ID, 'two');
    expect(await kept.again().record(ID)).toBe('two');
  });

  test('removing takes everything, and may be done twice', async () => {
    await kept.store.create(ID, 'record');
    await write(kept.store, 0, 'abc');
    await kept.store.remove(ID);
    await kept.store.remove(ID);
    expect(await kept.names()).toEqual([]);
    await expect(kept.store.size(ID)).rejects.toMatchObject({ code: 'upload-not-found' });
    await expect(kept.store.reader(ID)).rejects.toMatchObject({ code: 'upload-not-found' });
    await expect(kept.store.writer(ID, 0)).rejects.toMatchObject({ code: 'upload-not-found' });
  });

  test('an upload is not created over another', async () => {
    await kept.store.create(ID, 'one');
    await write(kept.store, 0, 'abc');
    await expect(kept.store.create(ID, 'two')).rejects.toThrow('EEXIST');
    expect(await kept.store.record(ID)).toBe('one');
    expect(await kept.store.size(ID)).toBe(3);
  });

  test('[UP8] opening removes what a killed process left of no upload', async () => {
    await kept.store.create(ID, 'record');
    await kept.litter(ID, 'half');
    await kept.litter(OTHER, 'bytes');
    await kept.litter('CCCCCCCCCCCCCCCCCCCCCC', 'record');
    await kept.litter('DDDDDDDDDDDDDDDDDDDDDD', 'half');
    await kept.store.close();
    const again = kept.again();
    await again.open();
    expect(await again.list()).toEqual([ID]);
    expect((await kept.names()).length).toBe(2);
    await again.close();
  });

  test('no id leads out of the store', async () => {
    for (const id of ['../x', 'a/b', '', '\0', `${ID}.bytes`]) {
      await expect(kept.store.create(id, 'record')).rejects.toThrow('Invalid');
      await expect(kept.store.size(id)).rejects.toThrow('Invalid');
    }
    expect(await kept.names()).toEqual([]);
  });

  test('the free bytes are a number', async () => {
    expect(await kept.store.freeBytes()).toBeGreaterThan(0);
  });
});
