import { vi } from 'vitest';
import { quickHash } from './quick-hash.ts';

/**
 * Has WebCrypto's digests computed at once, by `quickHash`, until `vi.restoreAllMocks`: one on another thread comes back
 * when it likes, and then a seed alone would not decide a schedule.
 */
export function digestAtOnce(): void {
  vi.spyOn(crypto.subtle, 'digest').mockImplementation(async (_algorithm, data) => {
    const bytes = ArrayBuffer.isView(data)
      ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
      : new Uint8Array(data);
    return quickHash(bytes).buffer;
  });
}
