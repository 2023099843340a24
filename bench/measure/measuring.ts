import { readFile } from 'node:fs/promises';
import os from 'node:os';
import { runProgram } from '../../e2e/support/run-program.ts';
import type { Lab } from '../links/lab.ts';
import type { HostName } from '../links/line.ts';
import type { Run } from '../run.ts';
import type { BrowserPair } from '../support/browser-pair.ts';
import { type UdpCounters, readUdpCounters, udpSince } from './udp-counters.ts';
import { watchUsage } from './usage.ts';

/** What is measured of a transfer beside its time. */
export type Measured = Pick<Run, 'busy' | 'usage' | 'lines' | 'udp'>;

/**
 * Begins to measure what a transfer takes of the machine and does to the lines.
 * @param lab null on the loopback
 * @param pair null without browsers
 * @returns what ends that
 */
export async function beginMeasuring(
  lab: Lab | null,
  pair: BrowserPair | null,
  withMemory: boolean,
): Promise<() => Promise<Measured>> {
  const [sender, receiver] =
    pair === null
      ? [null, null]
      : [
          await watchUsage(pair.sender.context, withMemory),
          await watchUsage(pair.receiver.context, withMemory),
        ];
  const udp = { sender: await udpOf(lab, 'sender'), receiver: await udpOf(lab, 'receiver') };
  await lab?.takeCounters();
  const ticks = processorTicks();
  return async () => ({
    busy: busySince(ticks, processorTicks()),
    usage:
      sender === null || receiver === null
        ? null
        : { sender: await sender(), receiver: await receiver() },
    lines: (await lab?.takeCounters()) ?? null,
    udp: {
      sender: udpSince(udp.sender, await udpOf(lab, 'sender')),
      receiver: udpSince(udp.receiver, await udpOf(lab, 'receiver')),
    },
  });
}

async function udpOf(lab: Lab | null, host: HostName): Promise<UdpCounters> {
  const file = '/proc/net/snmp';
  if (lab === null) return readUdpCounters(await readFile(file, 'utf8'));
  const [program, ...words] = [...lab.commandIn(host), 'cat', file];
  return readUdpCounters(await runProgram(program, words));
}

interface Ticks {
  readonly idle: number;
  readonly all: number;
}

function processorTicks(): Ticks {
  const times = os.cpus().map((cpu) => cpu.times);
  const idle = times.reduce((sum, time) => sum + time.idle, 0);
  return {
    idle,
    all: times.reduce((sum, { user, nice, sys, irq }) => sum + user + nice + sys + irq, idle),
  };
}

function busySince(before: Ticks, after: Ticks): number {
  const all = after.all - before.all;
  return all === 0 ? 0 : 1 - (after.idle - before.idle) / all;
}
