// @vitest-environment happy-dom
import { afterEach, describe, expect, test } from 'vitest';
import { drawReceivePage, eraseDrawn, raise } from './draw-pages.tsx';
import { become } from './drawn-page.ts';
import {
  SAMPLE_DONE,
  SAMPLE_FAILED,
  SAMPLE_FILES,
  SAMPLE_OFFERED,
  SAMPLE_PAUSED,
  SAMPLE_RECEIVING,
  sampleFile,
  sampleProgress,
} from './sample-states.ts';

afterEach(eraseDrawn);

const CHANGED = [{ file: 0, reason: 'source-changed' }] as const;

describe('connecting', () => {
  test.each([
    ['kept', 'Looking for what has arrived before'],
    ['room', 'Looking up the link'],
    ['sender', 'Waiting for the sender’s browser to come back'],
    ['peer', 'Connecting to the sender’s browser'],
    ['manifest', 'Getting the list of files'],
  ] as const)('step %s has the status "%s"', async (step, words) => {
    const { page } = await drawReceivePage({ type: 'connecting', step, kept: null });
    expect(page.one('main').dataset['state']).toBe('connecting');
    expect(page.one('status').textContent).toBe(words);
    expect(page.text).not.toContain('arrived already');
  });

  test('says what has arrived before', async () => {
    const kept = sampleProgress(12_000_000);
    const { page } = await drawReceivePage({ type: 'connecting', step: 'peer', kept });
    expect(page.text).toContain('12 MB of 64 MB have arrived already');
  });
});

describe('receiving', () => {
  test('shows progress, speed and time left', async () => {
    const { page } = await drawReceivePage(SAMPLE_RECEIVING);
    const bar = page.one('progressbar', 'Progress');
    expect(bar).toHaveProperty('value', 0.25);
    expect(bar.getAttribute('aria-valuetext')).toBe('25%, 16 MB of 64 MB');
    expect(page.text).toContain('16 MB of 64 MB4 MB/s12 s left');
  });

  test('leaves out speed and time left until they can be told', async () => {
    const { page } = await drawReceivePage({ ...SAMPLE_RECEIVING, progress: sampleProgress(0) });
    expect(page.text).toContain('0 B of 64 MB');
    expect(page.text).not.toContain('/s');
    expect(page.text).not.toContain('left');
  });

  test('the status is silent about every byte and speaks when the last checks run', async () => {
    const { page, state } = await drawReceivePage(SAMPLE_RECEIVING);
    const status = page.one('status');
    const before = status.textContent;
    await become(state, { ...SAMPLE_RECEIVING, progress: sampleProgress(32_000_000) });
    expect(status.textContent).toBe(before);
    await become(state, { ...SAMPLE_RECEIVING, phase: 'finishing' });
    expect(status.textContent).toBe('Checking the last pieces');
    expect(page.one('status')).toBe(status);
    expect(page.all('button', 'Pause')).toHaveLength(0);
  });

  test('a connection that is made anew is said to be, without the speed of the old one', async () => {
    const { page } = await drawReceivePage({ ...SAMPLE_RECEIVING, phase: 'reconnecting' });
    expect(page.one('main').dataset['state']).toBe('receiving');
    expect(page.one('status').textContent).toBe('Connection lost: connecting anew');
    expect(page.text).not.toContain('/s');
  });

  test('names files that cannot be had any more, and goes on', async () => {
    const { page } = await drawReceivePage({ ...SAMPLE_RECEIVING, failures: CHANGED });
    expect(page.one('alert').dataset['code']).toBe('source-changed');
    expect(page.one('alert').textContent).toContain('ridge.mov');
    page.one('button', 'Pause');
  });

  test.each([
    [{ type: 'browser' }, 'kept in this browser, even if you close the page'],
    [{ type: 'memory' }, 'everything is lost if the page is closed'],
    [{ type: 'folder', name: 'Down loads' }, 'written straight to the folder Down loads'],
  ] as const)('with place %o says "%s"', async (place, words) => {
    const { page } = await drawReceivePage({ ...SAMPLE_RECEIVING, place });
    expect(page.text).toContain(words);
  });

  test('offers a notice of the end where it can be asked for', async () => {
    const { page, notice } = await drawReceivePage(SAMPLE_RECEIVING, true);
    await page.press('Notify me when it is done');
    expect(notice.ask).toHaveBeenCalledOnce();
    await become(notice.canAsk, false);
    expect(page.all('button', 'Notify me when it is done')).toHaveLength(0);
  });
});

describe('paused', () => {
  test('Pause and Resume are one button, which keeps the focus', async () => {
    const { page, state, actions } = await drawReceivePage(SAMPLE_RECEIVING);
    page.one('button', 'Pause').focus();
    await page.press('Pause');
    expect(actions.pause).toHaveBeenCalledOnce();
    await become(state, SAMPLE_PAUSED);
    expect(page.one('main').dataset['state']).toBe('paused');
    expect(document.activeElement).toBe(page.one('button', 'Resume'));
    await page.press('Resume');
    expect(actions.resume).toHaveBeenCalledOnce();
  });

  test.each([
    ['you', 'Paused by you', 1],
    ['both', 'Paused by you and by the sender', 1],
    ['sender', 'Paused by the sender: it goes on when they resume', 0],
  ] as const)('by %s has the status "%s", and %i Resume', async (by, words, buttons) => {
    const { page } = await drawReceivePage({ ...SAMPLE_PAUSED, by });
    expect(page.one('status').textContent).toBe(words);
    expect(page.all('button', 'Resume')).toHaveLength(buttons);
    expect(page.all('alert')).toHaveLength(0);
  });

  test('by trouble says what it is and what to do, with progress and Resume', async () => {
    const { page } = await drawReceivePage({
      ...SAMPLE_PAUSED,
      by: 'trouble',
      reason: 'storage-full',
    });
    expect(page.one('alert').dataset['code']).toBe('storage-full');
    expect(page.text).toContain('Free some space');
    page.one('progressbar', 'Progress');
    page.one('button', 'Resume');
  });
});

describe('failed', () => {
  test('says what happened, what is kept, and tries again', async () => {
    const { page, actions } = await drawReceivePage(SAMPLE_FAILED);
    expect(page.one('main').dataset['state']).toBe('failed');
    expect(page.one('alert').dataset['code']).toBe('connection-lost');
    expect(page.text).toContain('12 MB of 64 MB have arrived and are kept');
    expect(page.one('status').textContent).toBe('');
    await page.press('Try again');
    expect(actions.tryAgain).toHaveBeenCalledOnce();
    expect(page.all('button', 'Cancel')).toHaveLength(0);
  });

  test('says that it goes on by itself where it does, and can be cancelled', async () => {
    const { page, actions } = await drawReceivePage({
      ...SAMPLE_FAILED,
      reason: 'sender-left',
      kept: null,
      retrying: true,
    });
    expect(page.one('status').textContent).toBe('Goes on by itself as soon as it can');
    await page.press('Cancel');
    expect(actions.cancel).toHaveBeenCalledWith(false);
  });

  test('offers no second try where it cannot help', async () => {
    const { page } = await drawReceivePage({
      ...SAMPLE_FAILED,
      reason: 'share-not-found',
      files: [],
      kept: null,
    });
    expect(page.one('alert').dataset['code']).toBe('share-not-found');
    expect(page.all('button')).toHaveLength(0);
    expect(page.text).not.toContain('kept');
    page.one('link', 'Send files yourself');
  });
});

describe('cancelled', () => {
  test('says that nothing is kept, and joins again on demand', async () => {
    const { page, actions } = await drawReceivePage({
      type: 'cancelled',
      files: SAMPLE_FILES,
      kept: null,
    });
    expect(page.one('main').dataset['state']).toBe('cancelled');
    page.one('heading', 'You cancelled');
    expect(page.text).toContain('Nothing is kept');
    await page.press('Try again');
    expect(actions.tryAgain).toHaveBeenCalledOnce();
  });

  test('says what is kept', async () => {
    const kept = sampleProgress(12_000_000);
    const { page } = await drawReceivePage({ type: 'cancelled', files: SAMPLE_FILES, kept });
    expect(page.text).toContain('12 MB of 64 MB are kept');
  });
});

test('the focus goes to the heading when Receive is pressed, and stays there to the end', async () => {
  const { page, state } = await drawReceivePage(SAMPLE_OFFERED);
  page.one('button', 'Receive').focus();
  await become(state, SAMPLE_RECEIVING);
  const heading = page.one('heading', 'Receiving 3 files');
  expect(document.activeElement).toBe(heading);
  await become(state, SAMPLE_DONE);
  expect(document.activeElement).toBe(heading);
});

test('the focus is not taken from a control that outlives the change', async () => {
  const files = Array.from({ length: 300 }, (_, n) => sampleFile(`${n}.jpg`, 1));
  const failed = { ...SAMPLE_FAILED, files };
  const { page, state } = await drawReceivePage(failed);
  page.one('button', 'Show more').focus();
  await become(state, { type: 'cancelled', files, kept: null });
  expect(document.activeElement).toBe(page.one('button', 'Show more'));
});

test('a file dropped on the page does not make the browser leave it', async () => {
  await drawReceivePage(SAMPLE_RECEIVING);
  const event = await raise('drop', 'dataTransfer', { types: ['Files'] });
  expect(event.defaultPrevented).toBe(true);
});
