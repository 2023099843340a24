import { afterEach, expect, it } from 'vitest';
import { drawRateChart, drawRateLines } from './rate-chart.ts';

const POINTS = [
  { seconds: 0.5, rate: 1_000_000 },
  { seconds: 1, rate: 3_000_000 },
];

/** An element of this width with these colours, in the page. */
function makePlace(width: number): HTMLElement {
  const place = document.createElement('div');
  place.style.cssText = `width: ${width}px; --accent: rgb(1 2 3); --accent-soft: rgb(1 2 3 / 50%)`;
  document.body.append(place);
  return place;
}

/** How many of the chart's pixels have the line's colour. */
function countLine(place: HTMLElement): number {
  const canvas = place.querySelector('canvas');
  const context = canvas?.getContext('2d');
  if (canvas === null || context === null || context === undefined) return 0;
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  let count = 0;
  for (let at = 0; at < data.length; at += 4) {
    if (data[at] === 1 && data[at + 1] === 2 && data[at + 2] === 3 && data[at + 3] === 255) {
      count += 1;
    }
  }
  return count;
}

afterEach(() => {
  document.body.replaceChildren();
});

it('draws the points it is shown, and nothing before', async () => {
  const place = makePlace(400);
  const chart = drawRateChart(place);
  expect(countLine(place)).toBe(0);
  chart.show(POINTS);
  await expect.poll(() => countLine(place)).toBeGreaterThan(50);
  chart.close();
});

it('draws a single point, too', async () => {
  const place = makePlace(400);
  const chart = drawRateChart(place);
  chart.show(POINTS.slice(0, 1));
  await expect.poll(() => countLine(place)).toBeGreaterThan(0);
  chart.close();
});

it('is as wide as its place, also after that has changed', async () => {
  const place = makePlace(400);
  const chart = drawRateChart(place);
  const width = () => place.querySelector('canvas')?.getBoundingClientRect().width;
  await expect.poll(width).toBe(400);
  place.style.width = '240px';
  await expect.poll(width).toBe(240);
  chart.close();
});

it('leaves nothing in its place when it is closed', () => {
  const place = makePlace(400);
  const chart = drawRateChart(place);
  chart.show(POINTS);
  chart.close();
  expect(place.childElementCount).toBe(0);
});

it('draws several lines, each in its colour, and takes them away', async () => {
  const place = makePlace(400);
  const other = { colour: '--ink', dash: [4, 4], points: [{ seconds: 0.7, rate: 2_000_000 }] };
  const close = drawRateLines(place, [{ colour: '--accent', dash: [], points: POINTS }, other]);
  await expect.poll(() => countLine(place)).toBeGreaterThan(50);
  close();
  expect(place.childElementCount).toBe(0);
});
