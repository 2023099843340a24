import { mkdir, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { below, filesOnly, manyFiles, oddTree, readTree } from './file-tree.ts';
import { withTemporaryFolder } from './temporary-folder.ts';

describe('readTree', () => {
  it('tells files by content and path, and empty folders', async () => {
    await withTemporaryFolder(os.tmpdir(), async (folder) => {
      await mkdir(path.join(folder, 'a', 'empty'), { recursive: true });
      await writeFile(path.join(folder, 'a', 'one'), 'same');
      await writeFile(path.join(folder, 'two'), 'same');
      await writeFile(path.join(folder, 'three'), 'other');
      const tree = await readTree(folder);
      expect(Object.keys(tree).toSorted()).toEqual(['a/empty/', 'a/one', 'three', 'two']);
      expect(tree['a/one']).toBe(tree['two']);
      expect(tree['a/one']).not.toBe(tree['three']);
      expect(Object.keys(filesOnly(tree))).not.toContain('a/empty/');
      expect(below('x', tree)).toHaveProperty(['x/a/one']);
    });
  });
});

describe('manyFiles', () => {
  it('makes as many as it should, each with other bytes, and the same in every run', async () => {
    await withTemporaryFolder(os.tmpdir(), async (folder) => {
      const [one, two] = [path.join(folder, 'one'), path.join(folder, 'two')];
      for (const root of [one, two]) await manyFiles(root, { count: 150, size: 100 });
      const tree = await readTree(one);
      expect(Object.keys(tree)).toHaveLength(150);
      expect(new Set(Object.values(tree)).size).toBe(150);
      expect(await readTree(two)).toEqual(tree);
    });
  });
});

describe('oddTree', () => {
  it('has folders in folders, empty ones, and a file without a byte', async () => {
    await withTemporaryFolder(os.tmpdir(), async (folder) => {
      await oddTree(folder);
      const paths = Object.keys(await readTree(folder));
      expect(paths.some((name) => name.split('/').length > 5)).toBe(true);
      expect(paths.filter((name) => name.endsWith('/also empty/'))).toHaveLength(5);
      expect(paths.some((name) => name.endsWith('/of no length'))).toBe(true);
    });
  });
});
