/** In place of SHA-256, so that a run needs no other thread and its schedule is the seed's alone; 32 bytes, not secure. */
export function quickHash(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const words = new Uint32Array(8).map((_, index) => 0x811c9dc5 ^ (index * 0x9e3779b9));
  for (let index = 0; index < bytes.length; index += 1) {
    const slot = index & 7;
    words[slot] = Math.imul((words[slot] ?? 0) ^ (bytes[index] ?? 0), 0x01000193);
  }
  words[0] = (words[0] ?? 0) ^ bytes.length;
  return new Uint8Array(words.buffer);
}
