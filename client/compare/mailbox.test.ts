import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { OnehopError, asOnehopError } from '../errors/onehop-error.ts';
import { Mailbox } from './mailbox.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const even = (number: number) => (number % 2 === 0 ? number : null);
const terms = () => ({
  signal: new AbortController().signal,
  limitMs: 1_000,
  late: 'peer-silent' as const,
});

test('gives the first that is wanted, to everybody who waits for it', async () => {
  const box = new Mailbox<number>();
  const waiting = [box.next(even, terms()), box.next(even, terms())];
  for (const number of [1, 4, 6]) box.put(number);
  expect(await Promise.all(waiting)).toEqual([4, 4]);
  expect(vi.getTimerCount()).toBe(0);
});

test('what came before is gone, and waiting has an end', async () => {
  const box = new Mailbox<number>();
  box.put(2);
  const waiting = box.next(even, terms()).catch(asOnehopError);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await waiting).toMatchObject({ reason: 'peer-silent' });
});

test('ends with its signal, also one that was aborted before', async () => {
  const box = new Mailbox<number>();
  const end = new AbortController();
  const waiting = box.next(even, { ...terms(), signal: end.signal });
  end.abort(new OnehopError('receiver-left'));
  await expect(waiting).rejects.toMatchObject({ reason: 'receiver-left' });
  const late = box.next(even, { ...terms(), signal: end.signal });
  await expect(late).rejects.toMatchObject({ reason: 'receiver-left' });
  expect(vi.getTimerCount()).toBe(0);
});
