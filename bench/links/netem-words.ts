import type { Direction } from './line.ts';

/** The largest packet, in bits. */
const PACKET_BITS = 1_500 * 8;
/** More than are ever under way where no rate holds them back. */
const UNLIMITED_PACKETS = 100_000;

/** What tc-netem(8) is told to do what a direction does. Its limit counts what waits and what is under way together. */
export function netemWords({ rate, queue, delay, loss }: Direction): readonly string[] {
  const waiting = Math.ceil((rate * 1_000 * (queue + delay)) / PACKET_BITS);
  const limit = rate > 0 ? waiting : UNLIMITED_PACKETS;
  const words = ['netem', 'limit', String(limit), 'delay', `${delay}ms`];
  if (rate > 0) words.push('rate', `${rate}mbit`);
  if (loss > 0) words.push('loss', `${loss}%`);
  return words;
}
