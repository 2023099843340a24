import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { randomFile, sampleOf, sparseFile } from './random-file.ts';
import { withTemporaryFolder } from './temporary-folder.ts';

const SIZE = 2 * 1024 * 1024 + 5;

describe('randomFile', () => {
  it('has the size and the hash that it says, and the same seed gives the same bytes', async () => {
    await withTemporaryFolder(tmpdir(), async (folder) => {
      const first = await randomFile(folder, { name: 'a', size: SIZE, seed: 3 });
      const again = await randomFile(folder, { name: 'b', size: SIZE, seed: 3 });
      const other = await randomFile(folder, { name: 'c', size: SIZE, seed: 4 });
      const bytes = await readFile(first.path);
      expect(bytes).toHaveLength(SIZE);
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(first.sha256);
      expect(again.sha256).toBe(first.sha256);
      expect(other.sha256).not.toBe(first.sha256);
    });
  });

  it('does not repeat itself from one part to the next', async () => {
    await withTemporaryFolder(tmpdir(), async (folder) => {
      const { path } = await randomFile(folder, { name: 'a', size: SIZE });
      const [first, second] = [await sampleOf(path, 0, 32), await sampleOf(path, 1_048_576, 32)];
      expect(first.equals(second)).toBe(false);
    });
  });
});

describe('sparseFile', () => {
  it('has its size and takes next to no room', async () => {
    await withTemporaryFolder(tmpdir(), async (folder) => {
      const file = await sparseFile(folder, { name: 'a', size: 64 * 1024 * 1024 });
      const { size, blocks } = await stat(file.path);
      expect(size).toBe(file.size);
      expect(blocks * 512).toBeLessThan(1024 * 1024);
    });
  });
});

describe('sampleOf', () => {
  it('reads what is left where the file ends first', async () => {
    await withTemporaryFolder(tmpdir(), async (folder) => {
      const { path } = await randomFile(folder, { name: 'a', size: 10 });
      expect(await sampleOf(path, 8, 32)).toHaveLength(2);
    });
  });
});
