// @vitest-environment happy-dom
import { expect, test } from 'vitest';
import type { Comparison } from '../compare/comparison.ts';
import { ComparisonTable } from './comparison-table.tsx';
import { DrawnPage } from './drawn-page.ts';
import {
  SAMPLE_COMPARISON,
  SAMPLE_TROUBLED,
  sampleComparison,
  sampleFinished,
} from './sample-comparison.ts';

/** The cells of the rows below the head, by the row's heading. */
async function rowsOf(comparison: Comparison): Promise<Map<string, readonly string[]>> {
  const page = await DrawnPage.draw(<ComparisonTable comparison={comparison} />);
  const [, ...rows] = page.all('row', undefined, page.one('table', 'Transfer comparison'));
  return new Map(
    rows.map((row) => {
      const [head = '', ...cells] = [...row.children].map((cell) => cell.textContent);
      return [head, cells];
    }),
  );
}

test('has a row for each method with its figures', async () => {
  const rows = await rowsOf(SAMPLE_COMPARISON);
  expect([...rows.keys()].slice(0, 4)).toEqual([
    'Direct3 runs',
    'Stored3 runs',
    'Streamed3 runs',
    'Relayed',
  ]);
  expect(rows.get('Direct3 runs')).toEqual([
    '2.3 s± 3 %',
    '21.7 MB/s',
    '240 ms',
    'nothing',
    '50 MB',
    'No',
    'that you two met, when, and your addresses; not a byte of the files',
  ]);
  expect(rows.get('Stored3 runs')?.slice(3, 6)).toEqual(['100 MB', '50 MB', 'Yes, once uploaded']);
});

test('says why a method was not tried, or had no finished run', async () => {
  expect((await rowsOf(SAMPLE_COMPARISON)).get('Relayed')).toEqual([
    'Not tried. This server has no relay (TURN) set up.',
  ]);
  expect((await rowsOf(SAMPLE_TROUBLED)).get('Streamed')).toEqual([
    'Failed: The server has no room for these files.',
  ]);
  expect((await rowsOf(sampleComparison(1))).get('Stored')).toEqual([
    'Not tried: stopped before its turn.',
  ]);
});

test('says how many runs failed beside those that did not', async () => {
  const [row] = (await rowsOf(SAMPLE_TROUBLED)).keys();
  expect(row).toBe('Direct2 runs1 failed: The connection to the other browser broke');
});

test('counts what went through a relay as relayed', async () => {
  const outcome = { ...sampleFinished('direct', { transferMs: 900 }), path: 'relayed' } as const;
  const relayed: Comparison = {
    ...SAMPLE_COMPARISON,
    runs: [...SAMPLE_COMPARISON.runs, { round: 2, method: 'direct', outcome }],
  };
  const rows = await rowsOf(relayed);
  expect([...rows.keys()][0]).toBe('Direct3 runs1 run went through a relay');
  expect(rows.get('Relayed1 run')?.[0]).toBe('1.15 s');
});

test('has the round trips of Hello, and says where no answer came', async () => {
  const rows = await rowsOf(SAMPLE_COMPARISON);
  expect(rows.get('Hello peer to peer')).toEqual([
    '7.78 ms',
    '95 of 100 within 9.28 ms; 50 round trips',
  ]);
  const troubled = await rowsOf(SAMPLE_TROUBLED);
  expect(troubled.get('Hello peer to peer')).toEqual(['No answer came this way.']);
  expect(troubled.has('Hello through the server')).toBe(false);
});
