import { describe, expect, it } from 'vitest';
import { runProgram } from '../../e2e/support/run-program.ts';
import { direction } from './line.ts';
import {
  type DirectionCounters,
  countersSince,
  lossOf,
  readLineCounters,
  readNetemCounters,
} from './line-counters.ts';
import { netemWords } from './netem-words.ts';
import { StarLab } from './star-lab.ts';

const NETEM = '[{"kind":"netem","bytes":3000,"packets":2,"drops":1,"backlog":0}]';

describe('netem', () => {
  it('is told what a direction does; its limit counts the queue and what is under way', () => {
    expect(netemWords(direction({ rate: 100, delay: 10, loss: 0.1 })).join(' ')).toBe(
      'netem limit 917 delay 10ms rate 100mbit loss 0.1%',
    );
    expect(netemWords(direction({}))).not.toContain('rate');
  });

  it('tells what it did, but not which packets it dropped for want of room', () => {
    const counters = readNetemCounters(NETEM);
    expect(counters).toMatchObject({ packets: 2, overflowed: 1, lost: null });
    expect(countersSince(counters, counters)).toMatchObject({ packets: 0, bytes: 0 });
    expect(lossOf(counters)).toBeNull();
    expect(() => readNetemCounters('[{"kind":"fq"}]')).toThrow('netem');
    expect(() => readLineCounters('{}')).toThrow('sender');
  });
});

const lab = await StarLab.open().catch(() => null);
await lab?.close();

const COUNT = 2_000;
const BYTES = 1_000;
/** of IP and UDP */
const HEADER_BYTES = 28;

/** Sends datagrams to nobody, one after another. */
const SEND = `const socket = require('dgram').createSocket('udp4');
let left = Number(process.argv[1]);
const next = () => left-- > 0 ? socket.send(Buffer.alloc(${BYTES}), 9, process.argv[2], next) : socket.close();
next();`;

async function send(lab: StarLab, count: number): Promise<void> {
  const [program, ...words] = [...lab.commandIn('sender'), process.execPath, '-e', SEND];
  await runProgram(program, [...words, String(count), lab.addressOf('receiver')]);
}

/** Waits until all of so many packets came out, were lost, or found no room; the answers of a host nobody listens on go the other way. */
async function settled(lab: StarLab, count: number): Promise<DirectionCounters> {
  let sum = { packets: 0, bytes: 0, lost: 0, overflowed: 0 };
  await expect
    .poll(async () => {
      const { packets, bytes, lost, overflowed } = (await lab.takeCounters()).sender.up;
      sum = {
        packets: sum.packets + packets,
        bytes: sum.bytes + bytes,
        lost: sum.lost + (lost ?? 0),
        overflowed: sum.overflowed + overflowed,
      };
      return sum.packets + sum.lost + sum.overflowed;
    })
    .toBe(count);
  return { ...sum, meanQueueMs: null, longestQueueMs: null };
}

describe.skipIf(lab === null)('the star network', () => {
  async function withLab(use: (lab: StarLab) => Promise<void>): Promise<void> {
    const lab = await StarLab.open();
    try {
      await use(lab);
    } finally {
      await lab.close();
    }
  }

  const still = { up: direction({}), down: direction({}) };
  const lossy = { ...still, up: direction({ loss: 5 }) };

  it('loses the share that it is told to, the same packets for the same seed, and counts every one', async () => {
    await withLab(async (lab) => {
      const lossesOf = async (seed: number): Promise<number> => {
        await lab.setLines({ sender: lossy, receiver: still }, seed);
        await send(lab, COUNT);
        const counters = await settled(lab, COUNT);
        expect(counters.overflowed).toBe(0);
        expect(counters.bytes).toBe(counters.packets * (BYTES + HEADER_BYTES));
        return lossOf(counters) ?? 0;
      };
      const first = await lossesOf(1);
      expect(first).toBeGreaterThan(0.03);
      expect(first).toBeLessThan(0.07);
      expect(await lossesOf(1)).toBe(first);
      expect(await lossesOf(2)).not.toBe(first);
    });
  });

  it('holds back what its rate and its queue leave room for, and drops the rest', async () => {
    await withLab(async (lab) => {
      // A packet takes 82 s: what fits are the one that is sent and the one that waits.
      const slow = { ...still, up: direction({ rate: 0.0001, queue: 90_000 }) };
      await lab.setLines({ sender: slow, receiver: still }, 1);
      await send(lab, 20);
      const { up } = (await lab.takeCounters()).sender;
      expect(up).toMatchObject({ packets: 0, lost: 0, overflowed: 18 });
      expect(up.longestQueueMs).toBeGreaterThan(80_000);
    });
  });
});
