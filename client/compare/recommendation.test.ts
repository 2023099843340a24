import { describe, expect, it } from 'vitest';
import { recommend, recommendationWords } from './recommendation.ts';

const rates = { uplink: 2e6, upload: 2e6, download: 10e6 };
const occasion = { bytes: 100e6, people: 1, senderStays: true, rates, clear: true };
const wordsOf = (said: Partial<typeof occasion>) =>
  recommendationWords(recommend({ ...occasion, ...said }));

describe('which way to take', () => {
  it('stored, where the sender leaves', () => {
    expect(recommend({ ...occasion, senderStays: false })).toEqual({
      type: 'sender-leaves',
      way: 'stored',
      seconds: 60,
    });
    expect(wordsOf({ senderStays: false })).toBe(
      'Stored: it is the only way that goes on when the sender leaves. The last has everything after 60 s.',
    );
    const unknown = { uplink: null, upload: null, download: null };
    expect(
      recommendationWords(recommend({ ...occasion, senderStays: false, rates: unknown })),
    ).toBe('Stored: it is the only way that goes on when the sender leaves.');
  });

  it('none for one receiver, where the comparison had no clear winner', () => {
    expect(wordsOf({ clear: false })).toContain('No way was clearly faster');
    expect(recommend({ ...occasion, clear: false, senderStays: false }).type).toBe('sender-leaves');
    expect(recommend({ ...occasion, clear: false, people: 4 }).type).not.toBe('no-clear-winner');
  });

  it('direct, where nothing is faster by what anybody would notice', () => {
    expect(recommend(occasion)).toMatchObject({
      type: 'as-fast-without-server',
      other: 'streamed',
    });
    expect(wordsOf({})).toBe(
      'Direct: it takes 50 s, about as long as Streamed, and nothing goes through the server.',
    );
    const slightly = { ...rates, upload: 2.08e6 };
    expect(recommend({ ...occasion, rates: slightly })).toMatchObject({ way: 'direct' });
  });

  it('direct, where it is the fastest', () => {
    const found = recommend({ ...occasion, rates: { ...rates, uplink: 4e6 } });
    expect(found).toMatchObject({ type: 'fastest', way: 'direct', other: 'streamed' });
    expect(recommendationWords(found)).toBe(
      'Direct: everyone has everything after 25 s, 2.0 times as fast as Streamed.',
    );
  });

  it('through the server, where the sender’s uplink would be shared by many', () => {
    expect(recommend({ ...occasion, people: 4 })).toEqual({
      type: 'fastest',
      way: 'streamed',
      seconds: 50,
      other: 'stored',
      otherSeconds: 60,
    });
  });

  it('none, where there is nothing to hold it against', () => {
    const found = recommend({ ...occasion, people: 4, rates: { ...rates, upload: null } });
    expect(found).toEqual({ type: 'not-measured', missing: ['streamed', 'stored'] });
    expect(recommendationWords(found)).toBe(
      'No recommendation: how long it takes so many people was not measured for Streamed and Stored.',
    );
  });
});
