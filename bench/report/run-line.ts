import type { Run } from '../run.ts';
import { rateOf } from '../variants/outcome.ts';

/** One transfer in one line, for who looks on. */
export function lineOfRun({
  round,
  variant,
  outcome,
  firstByteMs,
  busy,
  lines,
  udp,
  lanes,
  halves,
}: Run): string {
  if (outcome.type === 'failed') return `  ${round} ${variant.padEnd(12)} failed: ${outcome.why}`;
  const words = [
    `${round} ${variant.padEnd(12)}`,
    `${rateOf(outcome).toFixed(2).padStart(7)} MB/s`,
    `in ${outcome.seconds.toFixed(1)} s${outcome.type === 'stopped' ? ' (stopped)' : ''}`,
    `processors ${Math.round(busy * 100)} %`,
    `UDP dropped ${udp.sender.receiveBufferErrors + udp.receiver.receiveBufferErrors}`,
  ];
  if (lines !== null) {
    const { up } = lines.sender;
    words.push(
      `queue ${up.meanQueueMs?.toFixed(0) ?? '?'} ms`,
      `overflowed ${up.overflowed + lines.receiver.down.overflowed}`,
    );
  }
  if (firstByteMs !== null) words.push(`first byte ${firstByteMs} ms`);
  if (lanes !== null) words.push(`lanes ${lanes}`);
  if (halves !== null) {
    const { up, down, lag } = halves;
    words.push(`up ${up.toFixed(1)} s`);
    if (down !== null) words.push(`down ${down.toFixed(1)} s`);
    if (lag !== null) words.push(`receiver ${lag.toFixed(1)} s later`);
  }
  return `  ${words.join('  ')}`;
}
