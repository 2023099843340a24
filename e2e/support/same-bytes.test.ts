import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { firstDifference } from './same-bytes.ts';
import { withTemporaryFolder } from './temporary-folder.ts';

/** Writes both to files and compares those. */
function compare(expected: Buffer, actual: Buffer): Promise<string | null> {
  return withTemporaryFolder(tmpdir(), async (folder) => {
    const [left, right] = [path.join(folder, 'expected'), path.join(folder, 'actual')];
    await Promise.all([writeFile(left, expected), writeFile(right, actual)]);
    return firstDifference(left, right);
  });
}

const long = Buffer.alloc(600_000, 7);

/** `long` with one other byte at `index`. */
function longWith(index: number): Buffer {
  const copy = Buffer.from(long);
  copy[index] = 8;
  return copy;
}

describe('firstDifference', () => {
  it('finds none between equal files, empty ones included', async () => {
    expect(await compare(long, Buffer.from(long))).toBeNull();
    expect(await compare(Buffer.alloc(0), Buffer.alloc(0))).toBeNull();
  });

  it.each([0, 262_143, 262_144, 599_999])('names the byte that differs: %i', async (index) => {
    expect(await compare(long, longWith(index))).toBe(`byte ${index} is 0x08, not 0x07`);
  });

  it('names both sizes when one file is the beginning of the other', async () => {
    expect(await compare(long, long.subarray(0, 9))).toMatch(/it has 9 bytes, not 600000/);
    expect(await compare(Buffer.alloc(0), long)).toMatch(/it has 600000 bytes, not 0/);
  });
});
