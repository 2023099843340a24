// @vitest-environment happy-dom
import { expect, test, vi } from 'vitest';
import type { Comparison } from '../compare/comparison.ts';
import { ComparisonHistory, type HistoryActions } from './comparison-history.tsx';
import { DrawnPage } from './drawn-page.ts';
import { SAMPLE_COMPARISON, SAMPLE_TROUBLED } from './sample-comparison.ts';

async function draw(history: readonly Comparison[]) {
  const actions = {
    remove: vi.fn<HistoryActions['remove']>(),
    export: vi.fn<HistoryActions['export']>(),
  };
  const onShow = vi.fn<(comparison: Comparison) => void>();
  const page = await DrawnPage.draw(
    <ComparisonHistory history={history} actions={actions} onShow={onShow} />,
  );
  return { page, actions, onShow };
}

test('each has its date, what was sent and its verdict, and can be shown, exported and deleted', async () => {
  const { page, actions, onShow } = await draw([SAMPLE_COMPARISON]);
  const [item] = page.all('listitem', undefined, page.one('list', 'Earlier comparisons'));
  expect(item?.textContent).toContain('50 MB of random bytes, 3 rounds');
  expect(item?.textContent).toContain('Direct was 1.3 times as fast as Streamed');
  const [show, save, remove] = page.all('button');
  expect(show?.getAttribute('aria-label')).toMatch(/^Show comparison of Nov 28, 2026/);
  for (const button of [show, save, remove]) await page.click(button ?? page.root);
  expect(onShow).toHaveBeenCalledExactlyOnceWith(SAMPLE_COMPARISON);
  expect(actions.export).toHaveBeenCalledExactlyOnceWith(SAMPLE_COMPARISON, 'json');
  expect(actions.remove).toHaveBeenCalledExactlyOnceWith(SAMPLE_COMPARISON.id);
});

test('one alone has nothing to be seen beside', async () => {
  const { page } = await draw([SAMPLE_COMPARISON]);
  expect(page.all('checkbox')).toEqual([]);
});

test('two are seen side by side', async () => {
  const { page } = await draw([SAMPLE_COMPARISON, SAMPLE_TROUBLED]);
  for (const box of page.all('checkbox')) await page.click(box);
  const [, ...rows] = page.all('row', undefined, page.one('table', 'Side by side'));
  expect(rows.map((row) => row.textContent)).toEqual([
    'Direct2.3 s ± 3 %21.7 MB/s2.34 s ± 1 %21.4 MB/s0.99 ×',
    'Stored3.93 s ± 2 %12.7 MB/s3.93 s ± 2 %12.7 MB/s1.00 ×',
    'Streamed2.91 s ± 3 %17.2 MB/snot run–',
  ]);
});

test('of three that are chosen, the first gives way', async () => {
  const third = { ...SAMPLE_COMPARISON, id: 'thirdthirdthirdt' };
  const { page } = await draw([SAMPLE_COMPARISON, SAMPLE_TROUBLED, third]);
  for (const box of page.all('checkbox')) await page.click(box);
  const boxes = page.all('checkbox').map((box) => box.matches(':checked'));
  expect(boxes).toEqual([false, true, true]);
});

test('more than five are listed on demand', async () => {
  const many = Array.from({ length: 7 }, (_, n) => ({ ...SAMPLE_COMPARISON, id: `${n}` }));
  const { page } = await draw(many);
  const list = page.one('list', 'Earlier comparisons');
  expect(page.all('listitem', undefined, list)).toHaveLength(5);
  await page.press('Show all 7');
  expect(page.all('listitem', undefined, list)).toHaveLength(7);
});
