import { createCipheriv, createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import path from 'node:path';

/** A file made for a test. */
export interface TestFile {
  readonly path: string;
  readonly name: string;
  /** bytes */
  readonly size: number;
  /** lower-case hexadecimal */
  readonly sha256: string;
}

const CHUNK_BYTES = 1024 * 1024;

/**
 * Writes `size` random bytes to a file; the same seed gives the same bytes. They do not compress and do not repeat.
 * Never more than 1 MiB is in memory.
 */
export async function randomFile(
  folder: string,
  {
    name,
    size,
    seed = 1,
  }: { readonly name: string; readonly size: number; readonly seed?: number },
): Promise<TestFile> {
  const nextBytes = randomBytesOf(seed);
  const hash = createHash('sha256');
  const file = path.join(folder, name);
  await writeTo(file, async (handle) => {
    for (let offset = 0; offset < size; offset += CHUNK_BYTES) {
      const chunk = nextBytes(Math.min(CHUNK_BYTES, size - offset));
      hash.update(chunk);
      await handle.write(chunk);
    }
  });
  return { path: file, name, size, sha256: hash.digest('hex') };
}

/**
 * Makes a file of `size` zero bytes that takes no room on disk, for tests that end before it has arrived. With the name of an
 * archive it is not compressed on its way, where it would be next to nothing.
 */
export async function sparseFile(
  folder: string,
  { name, size }: { readonly name: string; readonly size: number },
): Promise<Omit<TestFile, 'sha256'>> {
  const file = path.join(folder, name);
  await writeTo(file, (handle) => handle.truncate(size));
  return { path: file, name, size };
}

/** `length` bytes of a file from `offset` on. */
export async function sampleOf(file: string, offset: number, length: number): Promise<Buffer> {
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, offset);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

async function writeTo(file: string, write: (handle: FileHandle) => Promise<void>): Promise<void> {
  const handle = await open(file, 'w');
  try {
    await write(handle);
  } finally {
    await handle.close();
  }
}

/** A cipher's key stream is a fast source of random bytes that the seed decides. */
function randomBytesOf(seed: number): (length: number) => Buffer {
  const key = createHash('sha256').update(`onehop test file ${seed}`).digest();
  const cipher = createCipheriv('aes-256-ctr', key, Buffer.alloc(16));
  return (length) => cipher.update(Buffer.alloc(length));
}
