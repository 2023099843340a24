import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FolderInUseError, FolderLock } from './folder-lock.ts';

let root: string;
let folder: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'onehop-lock-'));
  folder = join(root, 'uploads');
  await mkdir(folder);
});

afterEach(async () => {
  await rm(root, { recursive: true });
});

/** Leaves the lock of a process that was killed. */
async function killHolder(): Promise<void> {
  const script = `require('node:net').createServer().listen(process.argv[1], () => console.log('here'))`;
  const holder = spawn(process.execPath, ['-e', script, `${folder}.lock`]);
  await once(holder.stdout, 'data');
  holder.kill('SIGKILL');
  await once(holder, 'exit');
}

describe('the lock of a folder', () => {
  test('is one process’s until it is released, and leaves nothing', async () => {
    const first = await FolderLock.take(folder);
    await expect(FolderLock.take(folder)).rejects.toThrow(FolderInUseError);
    await first.release();
    const second = await FolderLock.take(folder);
    await second.release();
    expect(await readdir(root)).toEqual(['uploads']);
  });

  test('does not outlive a process that was killed', async () => {
    await killHolder();
    const lock = await FolderLock.take(folder);
    await lock.release();
    expect(await readdir(root)).toEqual(['uploads']);
  });

  test('is taken although something else is in its place', async () => {
    await writeFile(`${folder}.lock`, 'no socket');
    const lock = await FolderLock.take(folder);
    await expect(FolderLock.take(folder)).rejects.toThrow(FolderInUseError);
    await lock.release();
  });

  test('goes to one of those who find that of a killed process at once', async () => {
    await killHolder();
    const taken = await Promise.allSettled(
      Array.from({ length: 8 }, () => FolderLock.take(folder)),
    );
    const locks = taken.filter((result) => result.status === 'fulfilled');
    expect(locks).toHaveLength(1);
    for (const { value } of locks) await value.release();
  });

  test('works for a folder whose path is too long for a socket', async () => {
    folder = join(root, 'a'.repeat(200));
    const lock = await FolderLock.take(folder);
    await expect(FolderLock.take(folder)).rejects.toThrow(FolderInUseError);
    await lock.release();
  });
});
