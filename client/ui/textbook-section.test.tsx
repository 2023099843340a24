// @vitest-environment happy-dom
import { expect, test } from 'vitest';
import type { Comparison } from '../compare/comparison.ts';
import { type as typeInto } from './draw-compare-pages.tsx';
import { DrawnPage } from './drawn-page.ts';
import { SAMPLE_COMPARISON, sampleComparison } from './sample-comparison.ts';
import { TextbookSection } from './textbook-section.tsx';

const draw = (comparison: Comparison) =>
  DrawnPage.draw(<TextbookSection comparison={comparison} />);

/** The rows of the table whose name begins so, below its head. */
function rowsOf(page: DrawnPage, name: string): readonly (readonly string[])[] {
  const table = page.all('table').find(({ textContent }) => textContent.startsWith(name));
  if (table === undefined) throw new Error(`no table ${name}`);
  return page
    .all('row', undefined, table)
    .slice(1)
    .map((row) => [...row.children].map(({ textContent }) => textContent));
}

test('has a row for every factor, each with what is known of it and how', async () => {
  const page = await draw(SAMPLE_COMPARISON);
  const factors = [...page.root.querySelectorAll('.factor')];
  expect(factors.map((factor) => factor.querySelector('h3')?.textContent)).toEqual([
    'Network structure',
    'Roles',
    'Control',
    'Where the data is kept',
    'Scalability',
    'Stability',
    'Security',
    'Cost',
    'When to use which',
  ]);
  for (const words of [
    'measured here Direct: 4 connections straight across, 8.4 ms there and back.',
    'measured here 150 Hellos were asked and answered, of which 100 by the other page itself.',
    'measured here Bytes of each run in and out of the server: Direct none, Stored 100 MB, Streamed 100 MB.',
    'measured here 0 of 9 runs failed.',
    'measured in the bench Two browsers of one machine, in the middle of 64 MiB: after Stop sharing',
    'measured in the bench The same: with the server killed, Direct was finished',
  ]) {
    expect(page.text).toContain(words);
  }
});

test('claims nothing of what was not measured', async () => {
  const page = await draw(sampleComparison(0, { hellos: [] }));
  expect(page.root.querySelectorAll('[data-source="measured here"]')).toHaveLength(0);
  expect(page.text).toContain('not measured yet How a direct transfer goes between you two.');
  expect(page.text).toContain('Nothing yet: no rate of a line was measured.');
});

test('computes how long more receivers take, and says from what', async () => {
  const page = await draw(SAMPLE_COMPARISON);
  const [direct, stored] = rowsOf(page, 'Time until the last receiver has 50 MB');
  expect(direct).toEqual(['Direct', '2.05 s', '4.1 s', '8.2 s', '16.4 s']);
  expect(stored?.slice(2)).toEqual(Array.from({ length: 3 }, () => stored?.[1]));
  expect(page.text).toContain('its line is taken to be wide enough');
  expect(page.text).toContain(
    'computed From the rate of direct, and from the rates to and from the server. By the formulae of Kurose',
  );
});

test('computes what each way costs by the user’s own price', async () => {
  const page = await draw(SAMPLE_COMPARISON);
  const prices = () => rowsOf(page, 'Sending 50 MB to one receiver').map((row) => row.at(-1));
  expect(prices()).toEqual(['–', '–', '–', '–']);
  await typeInto(page.one('spinbutton', 'Your price per GB in or out of the server'), '0.09');
  expect(prices()).toEqual(['0', '0.009', '0.009', '0.009']);
  await typeInto(page.one('spinbutton'), '-1');
  expect(prices()).toEqual(['–', '–', '–', '–']);
});

test('recommends a way for so many receivers, and one for a sender that leaves', async () => {
  const page = await draw(SAMPLE_COMPARISON);
  expect(page.one('status').textContent).toMatch(/^For 50 MB, between you two: Direct: /);
  await page.click(page.one('checkbox', 'The sender stays until everyone has it'));
  expect(page.one('status').textContent).toContain('Stored: it is the only way that goes on');
});
