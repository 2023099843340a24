import { describe, expect, it } from 'vitest';
import { readOptions } from './options.ts';
import { PROFILES } from './profiles.ts';

describe('the command line', () => {
  it('measures everything without a word, and keeps the results', () => {
    expect(readOptions([])).toMatchObject({
      profiles: PROFILES,
      runs: null,
      bytes: null,
      output: 'bench/results',
    });
  });

  it('measures a part, in the order of the whole, and keeps that only where it is told to', () => {
    const words = '--only long,clean --variants onehop,tcp --runs 2 --size 20'.split(' ');
    const options = readOptions(words);
    expect(options.profiles.map(({ id }) => id)).toEqual(['clean', 'long']);
    expect(options).toMatchObject({
      variants: ['tcp', 'onehop'],
      runs: 2,
      bytes: 20e6,
      output: null,
    });
    expect(readOptions(['--output', 'here']).output).toBe('here');
  });

  it.each([
    [['--only', 'nowhere'], '--only does not know nowhere'],
    [['--variants', 'tcp,udp'], '--variants does not know udp'],
    [['--runs', '0'], '--runs wants'],
    [['--size', 'large'], '--size wants'],
    [['--fast'], '--fast'],
    [['clean'], 'clean'],
  ])('refuses %j by name', (words, complaint) => {
    expect(() => readOptions(words)).toThrow(complaint);
  });
});
