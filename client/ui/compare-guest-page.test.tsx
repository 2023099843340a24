// @vitest-environment happy-dom
import { afterEach, describe, expect, test } from 'vitest';
import type { GuestState } from '../compare/compare-state.ts';
import { drawCompareGuestPage, eraseComparePage } from './draw-compare-pages.tsx';
import { become } from './drawn-page.ts';
import {
  SAMPLE_COMPARISON,
  SAMPLE_PLAN,
  SAMPLE_TOGETHER,
  sampleCompareProgress,
} from './sample-comparison.ts';

afterEach(eraseComparePage);

const ASKED = { type: 'asked', plan: SAMPLE_PLAN, together: SAMPLE_TOGETHER } as const;

test('joining, and then connected with nothing asked', async () => {
  const { page, state } = await drawCompareGuestPage({ type: 'joining' });
  expect(page.one('main').dataset['state']).toBe('connecting');
  await become<GuestState>(state, { type: 'waiting', together: SAMPLE_TOGETHER });
  expect(page.text).toContain('You are connected. Nothing is asked of you yet.');
  page.one('textbox', 'Message');
});

describe('asked', () => {
  test('says how much would be moved and how often', async () => {
    const { page } = await drawCompareGuestPage(ASKED);
    expect(page.text).toContain(
      '50 MB of random bytes 9 times over: Direct, Stored and Streamed, 3 rounds.',
    );
    expect(page.text).toContain('Your browser would download 450 MB in all.');
  });

  test('Take part and Decline do', async () => {
    const { page, actions } = await drawCompareGuestPage(ASKED);
    await page.press('Decline');
    expect(actions.decline).toHaveBeenCalledOnce();
    expect(actions.takePart).not.toHaveBeenCalled();
    await page.press('Take part');
    expect(actions.takePart).toHaveBeenCalledOnce();
  });
});

test('running has the same progress, and Stop', async () => {
  const { page, actions } = await drawCompareGuestPage({
    type: 'running',
    progress: sampleCompareProgress(),
    together: SAMPLE_TOGETHER,
  });
  expect(page.one('progressbar', 'Comparison')).toHaveProperty('value', 0.52);
  await page.press('Stop');
  expect(actions.stop).toHaveBeenCalledOnce();
});

test('done has the verdict and the table, and no settings', async () => {
  const { page } = await drawCompareGuestPage({
    type: 'done',
    comparison: SAMPLE_COMPARISON,
    together: SAMPLE_TOGETHER,
  });
  page.one('heading', 'Direct was 1.3 times as fast as Streamed (median of 3; spread 3 %).');
  page.one('table', 'Transfer comparison');
  for (const name of ['Compare', 'Compare again', 'Export JSON']) {
    expect(page.all('button', name)).toEqual([]);
  }
});

test('ended keeps the result, if there is one', async () => {
  const { page, state } = await drawCompareGuestPage({ type: 'ended', comparison: null });
  page.one('heading', 'The comparison has ended');
  expect(page.all('table')).toEqual([]);
  await become<GuestState>(state, { type: 'ended', comparison: SAMPLE_COMPARISON });
  page.one('table', 'Transfer comparison');
  expect(page.text).toContain('one of you has left');
  expect(page.one('link', 'Compare yourself').getAttribute('href')).toBe('/compare');
});

test('a failure says what happened', async () => {
  const { page } = await drawCompareGuestPage({ type: 'failed', reason: 'share-not-found' });
  expect(page.one('alert').dataset['code']).toBe('share-not-found');
});
