import { expect, test } from 'vitest';
import { MAX_RUN_SAMPLES } from './comparison.ts';
import { SampleLog } from './sample-log.ts';

test('a short run keeps every sample', () => {
  const log = new SampleLog();
  expect(log.samples).toEqual([]);
  log.note(0, 0);
  log.note(100, 5);
  log.note(250, 9);
  expect(log.samples).toEqual([
    { atMs: 0, bytes: 0 },
    { atMs: 100, bytes: 5 },
    { atMs: 250, bytes: 9 },
  ]);
});

test.each([500, 5_000, 100_000])('of %i samples some are kept, evenly, and the last', (count) => {
  const log = new SampleLog();
  for (let index = 0; index < count; index += 1) log.note(index, index * 10);
  const { samples } = log;
  expect(samples.length).toBeLessThanOrEqual(MAX_RUN_SAMPLES);
  expect(samples.length).toBeGreaterThan(MAX_RUN_SAMPLES / 4);
  expect(samples[0]).toEqual({ atMs: 0, bytes: 0 });
  expect(samples.at(-1)).toEqual({ atMs: count - 1, bytes: (count - 1) * 10 });
  const gaps = samples.slice(1, -1).map(({ atMs }, index) => atMs - (samples[index]?.atMs ?? 0));
  expect(Math.max(...gaps)).toBeLessThanOrEqual(4 * Math.ceil(count / MAX_RUN_SAMPLES) + 1);
});
