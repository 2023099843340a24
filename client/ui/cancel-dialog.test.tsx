// @vitest-environment happy-dom
import { act } from 'preact/test-utils';
import { afterEach, describe, expect, test } from 'vitest';
import { drawReceivePage, eraseDrawn } from './draw-pages.tsx';
import { become } from './drawn-page.ts';
import {
  SAMPLE_DONE,
  SAMPLE_FAILED,
  SAMPLE_PAUSED,
  SAMPLE_RECEIVING,
  sampleProgress,
} from './sample-states.ts';

afterEach(eraseDrawn);

const KEPT = sampleProgress(12_000_000);

describe('Cancel', () => {
  test('before anything has arrived cancels at once', async () => {
    const { page, actions } = await drawReceivePage({
      ...SAMPLE_RECEIVING,
      progress: sampleProgress(0),
    });
    await page.press('Cancel');
    expect(actions.cancel).toHaveBeenCalledWith(false);
    expect(page.all('dialog')).toHaveLength(0);
  });

  test.each([
    ['receiving', SAMPLE_RECEIVING],
    ['paused', SAMPLE_PAUSED],
    ['connecting again', { type: 'connecting', step: 'sender', kept: KEPT }],
    ['failed, trying again', { ...SAMPLE_FAILED, retrying: true }],
  ] as const)('while %s, with bytes received, asks first', async (_words, state) => {
    const { page, actions } = await drawReceivePage(state);
    await page.press('Cancel');
    page.one('dialog', 'Keep what has arrived?');
    expect(actions.cancel).not.toHaveBeenCalled();
  });

  test.each([
    ['Keep it', true],
    ['Delete it', false],
  ])('%s cancels and keeps: %s', async (button, keep) => {
    const { page, state, actions } = await drawReceivePage(SAMPLE_RECEIVING);
    page.one('button', 'Cancel').focus();
    await page.press('Cancel');
    await page.press(button);
    expect(actions.cancel).toHaveBeenCalledExactlyOnceWith(keep);
    expect(page.all('dialog')).toHaveLength(0);
    await become(state, { type: 'cancelled', files: [], kept: null });
    expect(document.activeElement).toBe(page.one('heading', 'You cancelled'));
  });

  test('Go on closes the question and changes nothing', async () => {
    const { page, actions } = await drawReceivePage(SAMPLE_RECEIVING);
    await page.press('Cancel');
    await page.press('Go on');
    expect(page.all('dialog')).toHaveLength(0);
    expect(actions.cancel).not.toHaveBeenCalled();
    await page.press('Cancel');
    page.one('dialog', 'Keep what has arrived?');
  });

  test('Escape, which closes a dialog, goes on', async () => {
    const { page, actions } = await drawReceivePage(SAMPLE_RECEIVING);
    await page.press('Cancel');
    const dialog = page.one('dialog');
    // As browsers do on Escape; happy-dom leaves it out.
    await act(() => {
      if (dialog instanceof HTMLDialogElement) dialog.close();
    });
    expect(page.all('dialog')).toHaveLength(0);
    expect(actions.cancel).not.toHaveBeenCalled();
  });
});

describe('the question', () => {
  test('goes away when there is nothing left to cancel, and the focus goes to the heading', async () => {
    const { page, state } = await drawReceivePage(SAMPLE_RECEIVING);
    await page.press('Cancel');
    await become(state, SAMPLE_DONE);
    expect(page.all('dialog')).toHaveLength(0);
    expect(document.activeElement).toBe(page.one('heading', 'All 3 files are here'));
  });

  test('stays while the transfer goes on behind it', async () => {
    const { page, state } = await drawReceivePage(SAMPLE_RECEIVING);
    await page.press('Cancel');
    const dialog = page.one('dialog');
    await become(state, { ...SAMPLE_PAUSED, progress: sampleProgress(32_000_000) });
    expect(page.one('dialog')).toBe(dialog);
    expect(dialog.textContent).toContain('32 MB of 64 MB');
  });
});
