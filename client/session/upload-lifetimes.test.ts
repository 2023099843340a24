import { describe, expect, it } from 'vitest';
import { LONGEST_LIFETIME_HOURS, allowedLifetime, offeredLifetimes } from './upload-lifetimes.ts';

describe('the lifetimes to choose from', () => {
  it.each([
    [LONGEST_LIFETIME_HOURS, 24, [1, 24, 72, 168]],
    [72, 24, [1, 24, 72]],
    [36, 24, [1, 24, 36]],
    [12, 12, [1, 12]],
    [0.5, 0.5, [0.5]],
  ])('of a server that allows %d h are no others', (max, chosen, offered) => {
    expect(offeredLifetimes(max, chosen)).toEqual(offered);
  });

  it('have among them what was chosen on a server that allowed less', () => {
    expect(offeredLifetimes(LONGEST_LIFETIME_HOURS, 12)).toEqual([1, 12, 24, 72, 168]);
  });
});

it.each([
  [24, 168, 24],
  [24, 24, 24],
  [24, 1, 1],
  [168, 0.5, 0.5],
])('of %d h, a server that allows %d h keeps %d h', (chosen, max, kept) => {
  expect(allowedLifetime(chosen, max)).toBe(kept);
  expect(offeredLifetimes(max, kept)).toContain(kept);
});
