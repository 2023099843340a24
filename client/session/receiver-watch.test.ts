import { expect, it } from 'vitest';
import type { LanePath } from '../peer/lane-path.ts';
import { type ReceiverEvent, createReceiverList, stepReceivers } from './receiver-list.ts';
import { type ReceiverDetails, ReceiverWatch } from './receiver-watch.ts';

const EVENTS: readonly ReceiverEvent[] = [
  { type: 'receiver-connecting', peerId: 'a' },
  { type: 'receiver-selected', peerId: 'a', receiver: 'r', bytes: 100 },
];

/** A watch over one receiver that is under way, and what it told last. */
function watched(...paths: (LanePath | null)[]) {
  let list = createReceiverList(100);
  for (const event of EVENTS) ({ list } = stepReceivers(list, event, 0));
  const told: ReceiverDetails[] = [];
  const watch = new ReceiverWatch(
    () => 0,
    (details) => told.push(details),
  );
  const asked: (readonly string[])[] = [];
  const look = async (lanes: number, receivers = list.entries) => {
    const share = {
      reportOf: () => ({ lanes, roundTripMs: null }),
      readPath: async (peerIds: readonly string[]) => {
        asked.push(peerIds);
        return paths.shift() ?? null;
      },
    };
    watch.look(share, receivers);
    // What it asked for comes after this turn.
    await Promise.resolve();
    await Promise.resolve();
  };
  return { look, told, asked, path: () => told.at(-1)?.get('1')?.report.path };
}

it('asks which way the lanes go until it is told, and again when the receiver comes back', async () => {
  const { look, path, asked } = watched(null, 'relayed', 'direct');
  await look(1);
  await look(1);
  expect(path()).toBeNull();
  await look(1);
  expect(path()).toBe('relayed');
  await look(3);
  expect(asked).toEqual([['a'], ['a']]);
  await look(0);
  expect(path()).toBeNull();
  await look(1);
  await look(1);
  expect(path()).toBe('direct');
});

it('tells nothing while there is nobody, and once that there is nobody any more', async () => {
  const { look, told } = watched();
  await look(0, new Map());
  expect(told).toEqual([]);
  await look(1);
  expect(told.map(({ size }) => size)).toEqual([1]);
  await look(1, new Map());
  await look(1, new Map());
  expect(told.map(({ size }) => size)).toEqual([1, 0]);
});
