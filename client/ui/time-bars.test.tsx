// @vitest-environment happy-dom
import { expect, test } from 'vitest';
import { DrawnPage } from './drawn-page.ts';
import { SAMPLE_COMPARISON, sampleComparison } from './sample-comparison.ts';
import { TimeBars } from './time-bars.tsx';

test('say in words what each method’s time went into, and what every run took', async () => {
  const page = await DrawnPage.draw(<TimeBars comparison={SAMPLE_COMPARISON} />);
  const bars = page.all('listitem', undefined, page.one('list', 'Where the time went'));
  expect(bars.map((bar) => bar.textContent)).toEqual([
    'Direct2.3 sconnect 180 ms · first byte 60 ms · transfer 2.05 s · verify 12 msRuns: 2.3 s, 2.24 s, 2.37 s',
    'Stored3.93 supload 2.31 s · connect 42 ms · first byte 60 ms · transfer 1.51 s · verify 12 msRuns: 3.83 s, 3.93 s, 3.96 s',
    'Streamed2.91 sconnect 41 ms · first byte 60 ms · transfer 2.8 s · verify 12 msRuns: 2.86 s, 3.02 s, 2.91 s',
  ]);
});

test('draw a bar of the run in the middle and a mark for every run, on one scale', async () => {
  const page = await DrawnPage.draw(<TimeBars comparison={SAMPLE_COMPARISON} />);
  const [direct, stored] = page.root.querySelectorAll('.bars-track');
  const share = (element: HTMLElement) => Number(element.style.getPropertyValue('--share'));
  const marks = [...(stored?.querySelectorAll<HTMLElement>('.bars-run') ?? [])].map(share);
  expect(marks).toHaveLength(3);
  expect(Math.max(...marks)).toBe(1);
  const parts = [...(direct?.querySelectorAll<HTMLElement>('[data-part]') ?? [])].map(share);
  expect(parts.reduce((sum, part) => sum + part, 0)).toBeCloseTo(2302 / 3956);
});

test('are not there before any run is finished', async () => {
  const page = await DrawnPage.draw(<TimeBars comparison={sampleComparison(0)} />);
  expect(page.text).toBe('');
});
