// @vitest-environment happy-dom
import { expect, test } from 'vitest';
import { DrawnPage } from './drawn-page.ts';
import { ExpectedList } from './expected-list.tsx';
import { SAMPLE_COMPARISON } from './sample-comparison.ts';

test('holds what was expected against what it took, and says how good that was so far', async () => {
  const page = await DrawnPage.draw(
    <ExpectedList comparison={SAMPLE_COMPARISON} history={[SAMPLE_COMPARISON]} />,
  );
  const [, ...rows] = page.all('row', undefined, page.one('table', 'Expected, and measured'));
  expect(rows.map((row) => row.textContent)).toEqual([
    'Direct2.2 s1.8 s to 2.7 s2.3 s✓ yes',
    'Stored3.1 s2.7 s to 3.5 s3.93 sno',
  ]);
  expect(page.text).toContain('So far, 50 % of 2 predictions were in their range');
});

test('is not there where nothing was expected', async () => {
  const comparison = { ...SAMPLE_COMPARISON, predictions: [] };
  const page = await DrawnPage.draw(<ExpectedList comparison={comparison} history={[]} />);
  expect(page.text).toBe('');
});
