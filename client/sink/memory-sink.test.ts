import { describe, expect, it } from 'vitest';
import { MemorySink } from './memory-sink.ts';
import { describeSinkContract } from './sink-contract.ts';

describe('memory sink', () => {
  describeSinkContract(async () => new MemorySink());

  it('does not give a file with a hole for a whole one', async () => {
    const sink = new MemorySink();
    await sink.write(0, 5, Uint8Array.of(1));
    await expect(sink.read(0)).rejects.toThrow('storage-failed');
  });

  it('holds nothing once it is discarded', async () => {
    const sink = new MemorySink();
    await sink.write(0, 0, Uint8Array.of(1));
    await sink.discard();
    expect((await sink.read(0)).size).toBe(0);
  });
});
