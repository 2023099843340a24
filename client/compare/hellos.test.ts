import { expect, test } from 'vitest';
import { OnehopError } from '../errors/onehop-error.ts';
import { HELLO_EXCHANGES, type HelloWay } from './comparison.ts';
import { measureHellos } from './hellos.ts';

const never = new AbortController().signal;

test('Hello is said 50 times each way, one after the other', async () => {
  let now = 0;
  let under = 0;
  const ways: HelloWay[] = [];
  const hello = async (way: HelloWay) => {
    under += 1;
    expect(under).toBe(1);
    await Promise.resolve();
    now += way === 'peer' ? 2 : 5;
    under -= 1;
  };
  const hellos = await measureHellos(
    { hello, peerUp: true },
    () => now,
    (way) => ways.push(way),
    never,
  );
  expect(ways).toEqual(['server', 'through-server', 'peer']);
  expect(hellos.map(({ roundTripsMs }) => [roundTripsMs.length, ...new Set(roundTripsMs)])).toEqual(
    [
      [HELLO_EXCHANGES, 5],
      [HELLO_EXCHANGES, 5],
      [HELLO_EXCHANGES, 2],
    ],
  );
});

test('a way that does not answer is given up soon, and one without a lane is not tried', async () => {
  let said = 0;
  const hello = async (way: HelloWay) => {
    expect(way).not.toBe('peer');
    said += 1;
    if (way === 'server') throw new OnehopError('signaling-unreachable');
  };
  const hellos = await measureHellos(
    { hello, peerUp: false },
    () => 0,
    () => {},
    never,
  );
  expect(hellos.map(({ roundTripsMs }) => roundTripsMs.length)).toEqual([0, HELLO_EXCHANGES, 0]);
  expect(said).toBe(3 + HELLO_EXCHANGES);
});

test('it stops when it is to', async () => {
  const end = new AbortController();
  const hello = async () => end.abort(new OnehopError('sender-cancelled'));
  const measuring = measureHellos(
    { hello, peerUp: true },
    () => 0,
    () => {},
    end.signal,
  );
  await expect(measuring).rejects.toMatchObject({ reason: 'sender-cancelled' });
});
