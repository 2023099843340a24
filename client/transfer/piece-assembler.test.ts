import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinParts } from '../integrity/verify-piece.ts';
import { PIECE_BYTES } from '../share/manifest.ts';
import { makeManifest } from '../testing/make-manifest.ts';
import { seededRandom } from '../testing/random.ts';
import { type DataFrame, decodeDataFrame } from './data-frame.ts';
import { framePiece } from './framed-piece.ts';
import { type ArrivedPiece, PieceAssembler } from './piece-assembler.ts';

const manifest = makeManifest(100_000, 0, PIECE_BYTES + 10);
const hash = new Uint8Array(32).fill(7);
const bytes = seededRandom(1).bytes(100_000);

function framesOf(file: number, piece: number, content: Uint8Array): DataFrame[] {
  const place = { file, piece, start: piece * PIECE_BYTES, length: content.length };
  return framePiece(place, content, hash, 16_384).frames.map((frame) =>
    decodeDataFrame(frame.slice().buffer),
  );
}

/** An assembler that these pieces were asked for. */
function expecting(...pieces: readonly number[]): PieceAssembler {
  const assembler = new PieceAssembler(manifest);
  assembler.expect(pieces);
  return assembler;
}

describe('piece assembler', () => {
  it('[DT1] gives the whole piece when its last frame is here, whatever their order', () => {
    const frames = framesOf(0, 0, bytes);
    fc.assert(
      fc.property(
        fc.shuffledSubarray([...frames.keys()], { minLength: frames.length }),
        (order) => {
          const assembler = expecting(0);
          let arrived: ArrivedPiece | null = null;
          for (const index of order) {
            expect(arrived).toBeNull();
            const frame = frames[index];
            if (frame === undefined) throw new Error('an index of a frame');
            arrived = assembler.accept(frame);
          }
          const joined = joinParts(arrived?.parts ?? []);
          expect(joined.length).toBe(bytes.length);
          expect(joined.every((byte, at) => byte === bytes[at])).toBe(true);
          expect(assembler.expected).toBe(0);
        },
      ),
    );
  });

  it('[DT2] refuses a frame of a piece that was not asked for, or not any more', () => {
    const [frame] = framesOf(2, 1, new Uint8Array(10));
    if (frame === undefined) throw new Error('a piece has frames');
    expect(() => expecting(1).accept(frame)).toThrow('frame-unasked');
    const assembler = expecting(2);
    expect(assembler.accept(frame)?.piece).toBe(2);
    expect(() => assembler.accept(frame)).toThrow('frame-unasked');
  });

  it('[DT2] refuses bytes that are here already, wholly or in part', () => {
    const [first, second] = framesOf(0, 0, bytes);
    if (first === undefined || second === undefined) throw new Error('more than one frame');
    const assembler = expecting(0);
    assembler.accept(second);
    expect(() => assembler.accept(second)).toThrow('frame-duplicate');
    const overlapping = { ...first, payload: new Uint8Array(second.offset + 1) };
    expect(() => assembler.accept(overlapping)).toThrow('frame-duplicate');
    const inside = { ...second, offset: second.offset + 1 };
    expect(() => assembler.accept(inside)).toThrow('frame-duplicate');
  });

  it.each<[string, Partial<DataFrame>]>([
    ['a file that does not exist', { file: 3 }],
    ['a piece of an empty file', { file: 1 }],
    ['a piece beyond the file', { piece: 1 }],
    ['bytes beyond the piece', { offset: 99_999, payload: new Uint8Array(2), hash: null }],
    ['a frame too small that does not end its piece', { payload: new Uint8Array(4_095) }],
  ])('[DT2] refuses %s as out of range', (_, change) => {
    const [frame] = framesOf(0, 0, bytes);
    if (frame === undefined) throw new Error('a piece has frames');
    expect(() => expecting(0).accept({ ...frame, ...change })).toThrow('frame-out-of-range');
  });

  it('[DT2] drops what is on its way still of a file that is not wanted any more', () => {
    const frames = framesOf(0, 0, bytes);
    const assembler = expecting(0, 1);
    const [first, ...rest] = frames;
    if (first === undefined) throw new Error('a piece has frames');
    assembler.accept(first);
    assembler.withdraw([0]);
    expect(assembler.expected).toBe(1);
    for (const frame of rest) expect(assembler.accept(frame)).toBeNull();
    expect(assembler.expected).toBe(1);
  });
});
