import { describe, expect, it } from 'vitest';
import { locatePiece } from '../share/manifest.ts';
import { MemoryLog } from './memory-log.ts';
import { MemorySink } from './memory-sink.ts';
import { CONTRACT_MANIFEST, contractBytes, describeSinkContract } from './sink-contract.ts';

function openSink() {
  const log = new MemoryLog();
  const sink = new MemorySink(CONTRACT_MANIFEST, log);
  return {
    write: (piece: number, bytes: Uint8Array<ArrayBuffer>) =>
      sink.write([
        { piece, bytes, place: locatePiece(CONTRACT_MANIFEST, piece), hash: new Uint8Array(32) },
      ]),
    read: (file: number) => sink.read(file),
    flush: () => sink.flush(),
    kept: async () => log.kept().certain.map(({ piece }) => piece),
    discard: () => sink.discard(),
  };
}

describe('memory sink', () => {
  describeSinkContract(async () => openSink());

  it('does not give a file with a hole for a whole one', async () => {
    const sink = openSink();
    await sink.write(1, contractBytes(1));
    await expect(sink.read(0)).rejects.toThrow('storage-failed');
  });

  it('holds nothing once it is discarded', async () => {
    const sink = openSink();
    await sink.write(3, contractBytes(3));
    await sink.discard();
    await expect(sink.read(1)).rejects.toThrow('storage-failed');
  });
});
