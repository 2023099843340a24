import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinParts } from '../integrity/verify-piece.ts';
import { seededRandom } from '../testing/random.ts';
import type { DataFrame } from './data-frame.ts';
import { PieceAssembler } from './piece-assembler.ts';

const STEP = 16_384;
const hash = new Uint8Array(32).fill(7);
const bytes = seededRandom(1).bytes(100_000);

/** The frames of a piece with this content. */
function framesOf(content: Uint8Array<ArrayBuffer>): DataFrame[] {
  const frames: DataFrame[] = [];
  for (let offset = 0; offset < content.length; offset += STEP) {
    frames.push({
      file: 0,
      piece: 0,
      form: 'plain',
      total: content.length,
      offset,
      hash: offset === 0 ? hash : null,
      payload: content.slice(offset, offset + STEP),
    });
  }
  return frames;
}

describe('piece assembler', () => {
  it('[DT1] gives the whole piece when its last frame is here, whatever their order', () => {
    const frames = framesOf(bytes);
    fc.assert(
      fc.property(fc.shuffledSubarray(frames, { minLength: frames.length }), (shuffled) => {
        const assembler = new PieceAssembler();
        const given = shuffled.map((frame) => assembler.add(3, frame));
        expect(given.slice(0, -1).every((piece) => piece === null)).toBe(true);
        const arrived = given.at(-1) ?? null;
        expect(arrived).toMatchObject({ piece: 3, form: 'plain', hash });
        const joined = joinParts(arrived?.parts ?? []);
        expect(joined.length).toBe(bytes.length);
        expect(joined.every((byte, at) => byte === bytes[at])).toBe(true);
      }),
    );
  });

  it('keeps the frames of different pieces apart', () => {
    const [first, ...rest] = framesOf(bytes.slice(0, 2 * STEP));
    if (first === undefined) throw new Error('a piece has frames');
    const assembler = new PieceAssembler();
    expect(assembler.add(1, first)).toBeNull();
    for (const frame of rest) expect(assembler.add(2, frame)).toBeNull();
    for (const frame of rest) expect(assembler.add(1, frame)?.piece).toBe(1);
  });

  it('has nothing more of a piece that was dropped', () => {
    const [first, ...rest] = framesOf(bytes.slice(0, 2 * STEP));
    if (first === undefined) throw new Error('a piece has frames');
    const assembler = new PieceAssembler();
    assembler.add(1, first);
    assembler.drop(1);
    for (const frame of rest) expect(assembler.add(1, frame)).toBeNull();
  });
});
