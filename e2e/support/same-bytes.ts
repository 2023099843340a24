import { type FileHandle, open } from 'node:fs/promises';

const CHUNK_BYTES = 256 * 1024;

/**
 * Compares two files byte for byte, a part at a time.
 * @returns null when they are the same, else the first difference in words
 */
export async function firstDifference(expected: string, actual: string): Promise<string | null> {
  const left = await open(expected, 'r');
  try {
    const right = await open(actual, 'r');
    try {
      return await compare(left, right);
    } finally {
      await right.close();
    }
  } finally {
    await left.close();
  }
}

async function compare(left: FileHandle, right: FileHandle): Promise<string | null> {
  const sizes = { expected: (await left.stat()).size, actual: (await right.stat()).size };
  for (let offset = 0; offset < Math.min(sizes.expected, sizes.actual); offset += CHUNK_BYTES) {
    const [ours, theirs] = await Promise.all([readAt(left, offset), readAt(right, offset)]);
    const shared = Math.min(ours.length, theirs.length);
    if (ours.subarray(0, shared).equals(theirs.subarray(0, shared))) continue;
    const index = ours.findIndex((byte, at) => byte !== theirs[at]);
    return `byte ${offset + index} is ${hex(theirs[index])}, not ${hex(ours[index])}`;
  }
  if (sizes.expected === sizes.actual) return null;
  return `it has ${sizes.actual} bytes, not ${sizes.expected}; those that both have are the same`;
}

/** Reads a whole chunk, or what is left of the file: a read may return less than it was asked for. */
async function readAt(file: FileHandle, offset: number): Promise<Buffer> {
  const chunk = Buffer.alloc(CHUNK_BYTES);
  let filled = 0;
  while (filled < CHUNK_BYTES) {
    const { bytesRead } = await file.read(chunk, filled, CHUNK_BYTES - filled, offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return chunk.subarray(0, filled);
}

function hex(byte: number | undefined): string {
  return byte === undefined ? 'missing' : `0x${byte.toString(16).padStart(2, '0')}`;
}
