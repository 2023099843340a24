import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DeflateChoice, FRESH_CHOICE, chooseDeflate, noteDeflated } from './deflate-choice.ts';

const MB = 1_000_000;
/** What a megabyte came to. @param speed in bytes per second */
const cost = (ratio: number, speed = 50 * MB) => ({
  plainBytes: MB,
  deflatedBytes: ratio * MB,
  ms: (MB / speed) * 1_000,
});
const sampled = (ratio: number, speed?: number) => noteDeflated(FRESH_CHOICE, cost(ratio, speed));

/** Which of the next pieces are tried. */
function choose(choice: DeflateChoice, link: number, pieces: number, ratio: number) {
  const tried: number[] = [];
  let current = choice;
  for (let piece = 0; piece < pieces; piece += 1) {
    const step = chooseDeflate(current, link);
    current = step.choice;
    if (!step.tries) continue;
    tried.push(piece);
    current = noteDeflated(current, cost(ratio));
  }
  return { tried, choice: current };
}

describe('whether to deflate', () => {
  it('is tried where nothing is known', () => {
    expect(choose(FRESH_CHOICE, 0, 3, 0.3).tried).toEqual([0, 1, 2]);
  });

  it('is not where a sample has shown that it takes nothing off, but for a piece now and then, ever more rarely', () => {
    const { tried } = choose(sampled(1), 0, 1_000, 1);
    expect(tried).toEqual([64, 193, 450, 963]);
  });

  it('begins where a file that began with something else comes to what shrinks', () => {
    const { tried } = choose(sampled(1), 0, 2_000, 0.2);
    expect(tried.length).toBeGreaterThan(1_000);
  });

  it('ends where a file comes to what does not shrink', () => {
    const { tried } = choose(sampled(0.2), 0, 100, 1);
    expect(tried.length).toBeLessThan(15);
  });

  it.each([
    ['is worth it on a slow link', 0.3, 2.5, true],
    ['is worth it on a fast link for what shrinks much', 0.14, 30, true],
    ['is not for what shrinks little on a fast link', 0.8, 25, false],
    ['is for what shrinks little on a slow link', 0.8, 2.5, true],
  ])('%s', (_, ratio, link, tries) => {
    expect(chooseDeflate(sampled(ratio), link * MB).tries).toBe(tries);
  });

  it('does not flap where the link is about as fast as what deflating gains', () => {
    // gains 25 MB/s
    const links = [24, 26, 21, 29, 25].map((link) => link * MB);
    const on = sampled(0.5);
    const off = chooseDeflate(on, 40 * MB).choice;
    expect(off.deflating).toBe(false);
    for (const link of links) {
      expect(chooseDeflate(on, link).choice.deflating).toBe(true);
      expect(chooseDeflate(off, link).choice.deflating).toBe(false);
    }
    expect(chooseDeflate(off, 20 * MB).choice.deflating).toBe(true);
  });

  it('whatever the pieces come to: what shrinks over a slow link is nearly always tried, what does not hardly ever', () => {
    const noise = fc.array(fc.double({ min: -0.05, max: 0.05, noNaN: true }), {
      minLength: 400,
      maxLength: 400,
    });
    const run = (base: number, noises: readonly number[]) => {
      let current = FRESH_CHOICE;
      let tries = 0;
      for (const one of noises) {
        const step = chooseDeflate(current, 2 * MB);
        current = step.choice;
        if (!step.tries) continue;
        tries += 1;
        current = noteDeflated(current, cost(base + one));
      }
      return tries;
    };
    fc.assert(
      fc.property(noise, (noises) => {
        expect(run(0.6, noises)).toBe(400);
        expect(run(1.05, noises)).toBeLessThan(6);
      }),
      { numRuns: 50 },
    );
  });
});
