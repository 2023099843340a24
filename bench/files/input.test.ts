import { readFile, readdir } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { withTemporaryFolder } from '../../e2e/support/temporary-folder.ts';
import { makeInput } from './input.ts';

const BYTES = 1_000_000;

describe('an input', () => {
  it('of JSON lines is lines of JSON, and shrinks to about 14 %', async () => {
    await withTemporaryFolder(os.tmpdir(), async (folder) => {
      const { path: file, bytes } = await makeInput(folder, 'json-lines', BYTES);
      const content = await readFile(file);
      expect(content.length).toBe(bytes);
      for (const line of content.toString().trimEnd().split('\n')) JSON.parse(line);
      const share = deflateRawSync(content).length / bytes;
      expect(share).toBeGreaterThan(0.12);
      expect(share).toBeLessThan(0.16);
    });
  });

  it('of a bitmap is as long as its header says, and shrinks', async () => {
    await withTemporaryFolder(os.tmpdir(), async (folder) => {
      const { path: file, bytes } = await makeInput(folder, 'bitmap', BYTES);
      const content = await readFile(file);
      expect(content.length).toBe(bytes);
      expect(content.toString('latin1', 0, 2)).toBe('BM');
      expect(content.readUInt32LE(2)).toBe(bytes);
      expect(deflateRawSync(content).length / bytes).toBeLessThan(0.5);
    });
  });

  it('of a source tree is many files of text in folders', async () => {
    await withTemporaryFolder(os.tmpdir(), async (folder) => {
      const { type, path: tree, bytes } = await makeInput(folder, 'source-tree', BYTES);
      const entries = await readdir(tree, { recursive: true, withFileTypes: true });
      expect(type).toBe('folder');
      expect(bytes).toBeGreaterThanOrEqual(BYTES);
      expect(entries.filter((entry) => entry.isFile()).length).toBeGreaterThan(20);
      expect(entries.some((entry) => entry.isDirectory())).toBe(true);
    });
  });

  it('that is compressed already does not shrink, and is the same every time', async () => {
    await withTemporaryFolder(os.tmpdir(), async (folder) => {
      const { path: file } = await makeInput(folder, 'random-zip', BYTES);
      const content = await readFile(file);
      expect(path.extname(file)).toBe('.zip');
      expect(deflateRawSync(content).length).toBeGreaterThanOrEqual(BYTES);
      const small = await makeInput(folder, 'random-small', 3 * BYTES);
      expect(small).toMatchObject({ type: 'folder', bytes: 3 * BYTES });
      expect(await readdir(small.path)).toHaveLength(3);
    });
  });
});
