import { afterEach, describe, expect, it, vi } from 'vitest';
import { asOnehopError } from '../errors/onehop-error.ts';
import { limitTime } from './time-limit.ts';

afterEach(() => {
  vi.useRealTimers();
});

describe('time limit', () => {
  it('gives what the work gives, and leaves no timer behind', async () => {
    vi.useFakeTimers();
    await expect(limitTime(Promise.resolve(5), 1_000, 'storage-failed')).resolves.toBe(5);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('ends by name what takes too long', async () => {
    vi.useFakeTimers();
    const late = limitTime(new Promise(() => {}), 1_000, 'storage-failed');
    const outcome = late.catch((error: unknown) => asOnehopError(error));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await outcome).toMatchObject({ reason: 'storage-failed' });
  });

  it('passes on how the work fails', async () => {
    const failing = Promise.reject(new Error('of its own'));
    await expect(limitTime(failing, 1_000, 'storage-failed')).rejects.toThrow('of its own');
  });
});
