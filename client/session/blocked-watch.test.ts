import { describe, expect, it } from 'vitest';
import { BLOCKED_AFTER_MS, BlockedWatch } from './blocked-watch.ts';
import type { ReceiverEntry } from './receiver-list.ts';

function receiver(number: number, stage: ReceiverEntry['stage']): [number, ReceiverEntry] {
  const peers = new Map([[`peer ${number}`, false]]);
  const entry: ReceiverEntry = {
    number,
    receiver: null,
    peers,
    stage,
    lostAt: null,
    pausedByYou: false,
    pausedByReceiver: false,
    bytes: 0,
    totalBytes: 1,
    meter: [],
  };
  return [number, entry];
}

const connecting = (number: number) => receiver(number, { type: 'connecting' });

describe('watch for receivers that find no direct way', () => {
  it('sees one that has been connecting for 15 s, and no sooner', () => {
    const watch = new BlockedWatch();
    const receivers = new Map([connecting(1)]);
    expect(watch.look(receivers, 1_000)).toBe(false);
    expect(watch.look(receivers, 1_000 + BLOCKED_AFTER_MS - 1)).toBe(false);
    expect(watch.look(receivers, 1_000 + BLOCKED_AFTER_MS)).toBe(true);
  });

  it('counts for each receiver apart, and from anew where one was here in between', () => {
    const watch = new BlockedWatch();
    watch.look(new Map([connecting(1)]), 0);
    watch.look(new Map([receiver(1, { type: 'choosing' }), connecting(2)]), 10_000);
    expect(watch.look(new Map([connecting(1), connecting(2)]), 20_000)).toBe(false);
    expect(watch.look(new Map([connecting(1), connecting(2)]), 25_000)).toBe(true);
    expect(watch.look(new Map([connecting(1)]), 26_000)).toBe(false);
  });

  it('sees at once one that has given up', () => {
    const failed = receiver(1, { type: 'failed', reason: 'connect-timeout' });
    expect(new BlockedWatch().look(new Map([failed]), 0)).toBe(true);
  });
});
