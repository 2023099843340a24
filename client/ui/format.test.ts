import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  formatAgo,
  formatBytes,
  formatCount,
  formatDuration,
  formatFileCount,
  formatLifetime,
  formatPercentage,
  formatRate,
  formatTimeLeft,
} from './format.ts';

const UNITS = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12, PB: 1e15 } as const;

function readBytes(text: string): number {
  const [value = '', unit = ''] = text.split(' ');
  return (
    Number(value.replaceAll(',', '')) *
    (Object.entries(UNITS).find(([u]) => u === unit)?.[1] ?? NaN)
  );
}

const SECONDS = { s: 1, min: 60, h: 3600, d: 86_400 } as const;

function readDuration(text: string): number {
  return [...text.matchAll(/([\d.]+) (s|min|h|d)\b/g)].reduce((sum, [, value, unit]) => {
    const seconds = Object.entries(SECONDS).find(([u]) => u === unit)?.[1] ?? NaN;
    return sum + Number(value) * seconds;
  }, 0);
}

describe('formatBytes', () => {
  test.each([
    [0, '0 B'],
    [1, '1 B'],
    [999, '999 B'],
    [1000, '1 kB'],
    [1024, '1.02 kB'],
    [999_499, '999 kB'],
    [999_950, '1 MB'],
    [1_048_576, '1.05 MB'],
    [64_000_000, '64 MB'],
    [5_300_000_000, '5.3 GB'],
    [2e12, '2 TB'],
    [Number.MAX_SAFE_INTEGER, '9.01 PB'],
  ])('%d bytes are %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  test('is within half a percent of the truth and at most 999 of any unit', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (bytes) => {
        const text = formatBytes(bytes);
        expect(text).toMatch(/^\d{1,3}(?:\.\d{1,2})? [kMGTP]?B$/);
        expect(Math.abs(readBytes(text) - bytes)).toBeLessThanOrEqual(bytes * 0.0051);
      }),
    );
  });

  test('more bytes never read as fewer', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.maxSafeNat(), (a, b) => {
        const [less, more] = a < b ? [a, b] : [b, a];
        expect(readBytes(formatBytes(less))).toBeLessThanOrEqual(readBytes(formatBytes(more)));
      }),
    );
  });
});

test('a rate is bytes per second', () => {
  expect(formatRate(3_210_000)).toBe('3.21 MB/s');
});

describe('formatDuration', () => {
  test.each([
    [0, 'under 0.1 s'],
    [0.42, '0.4 s'],
    [9.97, '10 s'],
    [45.4, '45 s'],
    [59.6, '1 min'],
    [125, '2 min 5 s'],
    [3599.7, '1 h'],
    [4800, '1 h 20 min'],
    [273_600, '3 d 4 h'],
    [1e9, 'over 100 d'],
    [Infinity, 'over 100 d'],
  ])('%d seconds are %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });

  test('is off by no more than its smaller unit', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.05, max: 8_000_000, noNaN: true }), (seconds) => {
        const tolerance = seconds < 3599 ? 0.51 : seconds < 86_399 ? 60.5 : 3600.5;
        expect(Math.abs(readDuration(formatDuration(seconds)) - seconds)).toBeLessThan(tolerance);
      }),
    );
  });
});

test('time left is in whole seconds and never none', () => {
  expect(formatTimeLeft(0)).toBe('1 s left');
  expect(formatTimeLeft(2.1)).toBe('3 s left');
  expect(formatTimeLeft(61)).toBe('1 min 1 s left');
});

describe('formatPercentage', () => {
  test('says 100% of the whole only', () => {
    expect(formatPercentage(1)).toBe('100%');
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (fraction) => {
        expect(formatPercentage(fraction)).toMatch(/^\d{1,2}%$/);
      }),
    );
  });

  test('stays within 0% and 100%', () => {
    expect(formatPercentage(-0.5)).toBe('0%');
    expect(formatPercentage(1.5)).toBe('100%');
  });
});

test('counts have their thousands apart and their noun in number', () => {
  expect(formatCount(99_800)).toBe('99,800');
  expect(formatFileCount(0)).toBe('0 files');
  expect(formatFileCount(1)).toBe('1 file');
  expect(formatFileCount(2400)).toBe('2,400 files');
});

test.each([
  [10 / 3_600, '10 seconds'],
  [0.5, '30 minutes'],
  [1, '1 hour'],
  [1.5, '1.5 hours'],
  [24, '24 hours'],
  [36, '36 hours'],
  [72, '3 days'],
  [168, '7 days'],
])('%d hours of keeping are "%s"', (hours, words) => {
  expect(formatLifetime(hours)).toBe(words);
});

test.each([
  [0, 'just now'],
  [-5, 'just now'],
  [59.9, 'just now'],
  [60, '1 minute ago'],
  [59 * 60, '59 minutes ago'],
  [3600, '1 hour ago'],
  [26 * 3600, 'yesterday'],
  [100 * 3600, '4 days ago'],
])('%d s before now is "%s"', (seconds, words) => {
  const now = 1_700_000_000_000;
  expect(formatAgo(now - seconds * 1000, now)).toBe(words);
});
