import { describe, expect, it } from 'vitest';
import { pathRate, roundTripMs } from '../links/line.ts';
import { readCompareOptions, sizesOf } from './compare-options.ts';
import { COMPARE_PROFILES, linesFor } from './compare-profiles.ts';

describe('the command line of compare', () => {
  it('compares everything without a word, 1 GB on the loopback only, and keeps the results', () => {
    const options = readCompareOptions([]);
    expect(options).toMatchObject({
      profiles: COMPARE_PROFILES,
      rounds: 3,
      receivers: [1, 2, 4, 8],
      receiversBytes: 10e6,
      receiversRounds: 3,
      output: 'bench/results/compare',
    });
    const largest = COMPARE_PROFILES.map((profile) => Math.max(...sizesOf(profile, options)));
    expect(largest).toEqual([1e9, 100e6, 100e6, 100e6]);
  });

  it('compares a part, in the order of the whole, and keeps that only where it is told to', () => {
    const words =
      '--only clean,loopback --sizes 10,1 --rounds 2 --receivers 2,1 --receivers-size 5';
    const options = readCompareOptions(words.split(' '));
    expect(options.profiles.map(({ id }) => id)).toEqual(['loopback', 'clean']);
    expect(options).toMatchObject({
      sizes: [1e6, 10e6],
      rounds: 2,
      receivers: [1, 2],
      receiversBytes: 5e6,
      output: null,
    });
    expect(readCompareOptions(['--output', 'here']).output).toBe('here');
  });

  it('leaves out comparisons, or several receivers', () => {
    const options = readCompareOptions(['--sizes', 'none', '--receivers', 'none']);
    expect(options).toMatchObject({ sizes: [], receivers: [] });
  });

  it.each([
    [['--only', 'long'], '--only does not know long'],
    [['--sizes', '20'], '--sizes does not know 20'],
    [['--sizes', 'large'], '--sizes wants'],
    [['--rounds', '11'], '--rounds wants a whole number from 1 to 10'],
    [['--receivers', '0'], '--receivers wants'],
    [['--receivers', '1.5'], '--receivers wants'],
    [['--receivers-rounds', '0'], '--receivers-rounds wants'],
    [['--runs', '3'], '--runs'],
  ])('refuses %j by name', (words, complaint) => {
    expect(() => readCompareOptions(words)).toThrow(complaint);
  });
});

describe('the lines of several receivers', () => {
  it('are the sender’s as it is, and as many of the receiver’s', () => {
    const lines = COMPARE_PROFILES.find(({ id }) => id === 'uplink')?.lines ?? null;
    if (lines === null) throw new Error('no lines');
    const many = linesFor(lines, 4);
    expect(many.sender).toEqual(lines.sender);
    expect(many.receiver.down.rate).toBe(400);
    expect([pathRate(many), roundTripMs(many)]).toEqual([20, 40]);
  });
});
