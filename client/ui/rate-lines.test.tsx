// @vitest-environment happy-dom
import { act } from 'preact/test-utils';
import { beforeEach, expect, test, vi } from 'vitest';
import { DrawnPage } from './drawn-page.ts';
import type { drawRateLines } from './rate-chart.ts';
import { RateLines } from './rate-lines.tsx';
import { SAMPLE_COMPARISON, sampleComparison } from './sample-comparison.ts';

const chart = vi.hoisted(() => ({ missing: false, draw: vi.fn<typeof drawRateLines>() }));

vi.mock('./rate-chart.ts', () => ({
  get drawRateLines() {
    if (chart.missing) throw new TypeError('Failed to fetch dynamically imported module');
    return chart.draw;
  },
}));

const close = vi.fn<() => void>();

beforeEach(() => {
  chart.missing = false;
  close.mockReset();
  chart.draw.mockReset().mockReturnValue(close);
});

async function draw(comparison = SAMPLE_COMPARISON) {
  const page = await DrawnPage.draw(<RateLines comparison={comparison} />);
  await act(async () => vi.dynamicImportSettled());
  return page;
}

test('draw a line for each method and leg, told apart by more than their colours', async () => {
  const page = await draw();
  const lines = chart.draw.mock.calls[0]?.[1] ?? [];
  expect(lines.map(({ colour }) => colour)).toEqual([
    '--accent',
    '--stored',
    '--stored',
    '--streamed',
  ]);
  const looks = lines.map(({ colour, dash }) => `${colour} ${dash.join(' ')}`);
  expect(new Set(lines.map(({ dash }) => dash.join(' '))).size).toBe(new Set(looks).size);
  await page.erase();
  expect(close).toHaveBeenCalledOnce();
});

test('say the same in words, as the name of the picture', async () => {
  const page = await draw();
  const name = page.one('img').getAttribute('aria-labelledby');
  const words = document.getElementById(name ?? '')?.textContent;
  expect(words).toMatch(/^Direct: lowest .* MB\/s, median .* MB\/s, highest .*, until 2.3 s\. /);
  expect(words).toContain('Stored, upload: ');
  expect(words).toContain('Stored, download: ');
});

test('the words are all where the script of the picture cannot be loaded', async () => {
  chart.missing = true;
  const page = await draw();
  expect(page.text).toContain('Streamed: lowest');
});

test('are not there before any run is finished', async () => {
  const page = await draw(sampleComparison(0));
  expect(page.text).toBe('');
  expect(chart.draw).not.toHaveBeenCalled();
});
