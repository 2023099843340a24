import { describe, expect, it } from 'vitest';
import { PIECE_BYTES } from '../share/manifest.ts';
import { makeManifest } from '../testing/make-manifest.ts';
import type { ControlMessage } from './control-message.ts';
import type { DataFrame } from './data-frame.ts';
import { Flow } from './flow/flow.ts';
import { MAX_FORM_CHANGES, PieceFlow } from './piece-flow.ts';

const manifest = makeManifest(100_000, 0, PIECE_BYTES + 10);
type Range = Extract<ControlMessage, { type: 'request' }>['ranges'][number];

/** A flow over lane 1, with what was asked of it. */
function openFlow() {
  const asked: Range[] = [];
  const flow = new Flow({ maxLanes: 1, now: 0 });
  flow.addLane(1, 0);
  const pieces = new PieceFlow(manifest, flow, ({ ranges }) => asked.push(...ranges));
  return { pieces, asked };
}

/** The frame that answers a range, of a piece that has so many bytes in its form. */
function answer([file, piece, offset, length]: Range, total = 100_000): DataFrame {
  return {
    file,
    piece,
    form: total === 100_000 ? 'plain' : 'deflated',
    total,
    offset,
    hash: offset === 0 ? new Uint8Array(32) : null,
    payload: new Uint8Array(Math.min(length, total - offset)),
  };
}

/** Answers everything that is asked, until nothing is. @returns the pieces that came of it */
function answerAll({ pieces, asked }: ReturnType<typeof openFlow>, total?: number) {
  const arrived = [];
  for (let range = asked.shift(); range !== undefined; range = asked.shift()) {
    if (range[2] >= (total ?? 100_000)) continue;
    const piece = pieces.accept(1, answer(range, total), 1);
    if (piece !== null) arrived.push(piece);
  }
  return arrived;
}

describe('the pieces that are asked of a peer', () => {
  it('[RQ1] are asked for in ranges, and whole once all of them are here', () => {
    const opened = openFlow();
    opened.pieces.want([0], 0);
    expect(opened.asked[0]?.slice(0, 3)).toEqual([0, 0, 0]);
    const [arrived] = answerAll(opened);
    expect(arrived).toMatchObject({ piece: 0, form: 'plain' });
    expect(opened.pieces.owedPieces).toBe(0);
    expect(opened.pieces.arrived).toEqual({
      plainBytes: 100_000,
      travelledBytes: 100_000,
      firstByteAt: 1,
    });
  });

  it('are given back while nothing was asked of them, and can be wanted anew', () => {
    const opened = openFlow();
    opened.pieces.want([0, 1, 2], 0);
    const released = opened.pieces.release();
    expect(released.length).toBeGreaterThan(0);
    expect(released).not.toContain(0);
    expect(opened.pieces.owedPieces).toBe(3 - released.length);
    expect(answerAll(opened).map(({ piece }) => piece)).not.toContain(released[0]);
    expect(opened.pieces.owedPieces).toBe(0);
    opened.pieces.want(released, 2);
    expect(opened.asked.length).toBeGreaterThan(0);
  });

  it('[RQ5] are whole when all of their shorter form is here', () => {
    const opened = openFlow();
    opened.pieces.want([0], 0);
    const [arrived] = answerAll(opened, 30_000);
    expect(arrived?.form).toBe('deflated');
    expect(opened.pieces.arrived).toMatchObject({ plainBytes: 100_000, travelledBytes: 30_000 });
  });

  it('[RQ5] are asked for anew where the form changes, and are whole in the new one', () => {
    const opened = openFlow();
    opened.pieces.want([0], 0);
    const [first] = opened.asked.splice(0, 1);
    if (first === undefined) throw new Error('something is asked for');
    expect(opened.pieces.accept(1, answer(first, 60_000), 1)).toBeNull();
    const [arrived] = answerAll(opened, 50_000);
    const bytes = arrived?.parts.reduce((sum, { length }) => sum + length, 0);
    expect(bytes).toBe(50_000);
  });

  it('[RQ5] are refused where their form keeps changing', () => {
    const { pieces, asked } = openFlow();
    pieces.want([0], 0);
    let total = 60_000;
    const flip = () => {
      for (let range = asked.shift(); range !== undefined; range = asked.shift()) {
        if (range[2] >= 50_000) continue;
        total -= 1;
        pieces.accept(1, answer(range, total), 1);
      }
    };
    expect(flip).toThrow('frame-out-of-range');
    expect(total).toBeLessThanOrEqual(60_000 - MAX_FORM_CHANGES);
  });

  it('[DT2] refuses a frame that was not asked for, or comes again on its lane', () => {
    const { pieces, asked } = openFlow();
    pieces.want([0], 0);
    const [range] = asked;
    if (range === undefined) throw new Error('something is asked for');
    expect(() => pieces.accept(1, answer([2, 0, 0, 5_000]), 1)).toThrow('frame-');
    pieces.accept(1, answer(range), 1);
    expect(() => pieces.accept(1, answer(range), 1)).toThrow('frame-unasked');
  });

  it.each<[string, Partial<DataFrame>]>([
    ['a file that does not exist', { file: 3 }],
    ['a piece of an empty file', { file: 1 }],
    ['a piece beyond the file', { piece: 1 }],
    ['another length than its piece has', { total: 99_999 }],
    ['a deflated form that is no shorter', { form: 'deflated' }],
    ['a frame too small that does not end its piece', { payload: new Uint8Array(4_095) }],
  ])('[DT2] refuses %s as out of range', (_, change) => {
    const { pieces, asked } = openFlow();
    pieces.want([0], 0);
    const [range] = asked;
    if (range === undefined) throw new Error('something is asked for');
    const frame = { ...answer(range), ...change };
    expect(() => pieces.accept(1, frame, 1)).toThrow('frame-out-of-range');
  });

  it('[DT2] drops what is on its way still of a file that is not wanted any more', () => {
    const { pieces, asked } = openFlow();
    pieces.want([0], 0);
    const before = [...asked];
    pieces.withdraw([0]);
    expect(pieces.owedPieces).toBe(0);
    for (const range of before) expect(pieces.accept(1, answer(range), 1)).toBeNull();
  });
});
