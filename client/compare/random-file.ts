import { randomBytes } from '../encoding/random-bytes.ts';

/** So many random bytes are made at once. */
const BLOCK_BYTES = 1024 * 1024;
/** After so many blocks they come again: far more than any compression looks back. */
const BLOCKS = 16;

/** A file of random bytes, which no compression makes smaller. Its content is held by the browser, on disk where it is large. @param bytes how long it is */
export function createRandomFile(bytes: number): File {
  const count = Math.min(BLOCKS, Math.ceil(bytes / BLOCK_BYTES));
  const blocks = Array.from({ length: count }, () => new Blob([randomBytes(BLOCK_BYTES)]));
  const parts: Blob[] = [];
  for (let at = 0; at < bytes; at += BLOCK_BYTES) {
    const block = blocks[(at / BLOCK_BYTES) % BLOCKS];
    if (block !== undefined) parts.push(block.slice(0, bytes - at));
  }
  return new File(parts, 'random bytes', { type: 'application/octet-stream', lastModified: 0 });
}
