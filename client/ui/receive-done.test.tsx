// @vitest-environment happy-dom
import { act } from 'preact/test-utils';
import { afterEach, describe, expect, test } from 'vitest';
import { emptyNumberSet, fullNumberSet, withNumbers } from '../share/number-set.ts';
import { drawReceivePage, eraseDrawn } from './draw-pages.tsx';
import { become } from './drawn-page.ts';
import { SAMPLE_DONE, SAMPLE_FILES, SAMPLE_FOLDERS, SAMPLE_RECEIVING } from './sample-states.ts';

afterEach(eraseDrawn);

const saveButtons = (names: readonly string[]) => names.map((name) => `Save ${name}`);

function named(buttons: readonly HTMLElement[]): (string | null)[] {
  return buttons.map((button) => button.getAttribute('aria-label') ?? button.textContent);
}

describe('done', () => {
  test('says so in the same status element, with size, time and average speed', async () => {
    const { page, state } = await drawReceivePage(SAMPLE_RECEIVING);
    const status = page.one('status');
    await become(state, SAMPLE_DONE);
    expect(page.one('main').dataset['state']).toBe('done');
    page.one('heading', 'All 3 files are here');
    expect(page.one('status')).toBe(status);
    expect(status.textContent).toBe('Received and verified');
    expect(page.text).toContain('Size64 MBTime13 sAverage speed5 MB/s');
  });

  test('gives every file a button with its exact name, and all of them one', async () => {
    const { page, actions } = await drawReceivePage(SAMPLE_DONE);
    for (const [index, { name }] of SAMPLE_FILES.entries()) {
      await act(() => page.one('button', `Save ${name}`).click());
      expect(actions.save).toHaveBeenLastCalledWith(index);
    }
    await page.press('Save all as ZIP');
    expect(actions.saveAll).toHaveBeenCalledOnce();
  });

  test('an empty folder is saved in the archive only', async () => {
    const { page } = await drawReceivePage({
      ...SAMPLE_DONE,
      files: SAMPLE_FOLDERS,
      selected: withNumbers(emptyNumberSet(6), [2, 3, 5]),
    });
    expect(named(page.all('button'))).toEqual([
      'Save all as ZIP',
      ...saveButtons(['trip/day 2/lake.jpg', 'read me.txt']),
    ]);
  });

  test('of a single file gives no speed where there is nothing to measure, and no archive', async () => {
    const { page, actions } = await drawReceivePage({
      ...SAMPLE_DONE,
      files: SAMPLE_FILES.slice(1, 2),
      selected: fullNumberSet(1),
      totalBytes: 0,
      seconds: 0,
    });
    page.one('heading', 'Your file is here');
    expect(page.text).not.toContain('Average speed');
    expect(page.all('button')).toHaveLength(1);
    await act(() => page.one('button', `Save ${SAMPLE_FILES[1]?.name}`).click());
    expect(actions.save).toHaveBeenCalledWith(0);
  });

  test('gives no time where another page began it', async () => {
    const { page } = await drawReceivePage({ ...SAMPLE_DONE, seconds: null });
    expect(page.text).not.toContain('Time');
    expect(page.text).not.toContain('Average speed');
  });

  test('an archive that is being made shows how far it is in place of its button', async () => {
    const { page } = await drawReceivePage({ ...SAMPLE_DONE, packing: 0.42 });
    expect(page.one('progressbar', 'Packing')).toHaveProperty('value', 0.42);
    expect(page.all('button', 'Save all as ZIP')).toHaveLength(0);
  });

  test('what could not be saved is an alert beside the buttons that save', async () => {
    const { page } = await drawReceivePage({ ...SAMPLE_DONE, saveFailure: 'storage-failed' });
    expect(page.one('main').dataset['state']).toBe('done');
    expect(page.one('alert').dataset['code']).toBe('storage-failed');
    page.one('button', 'Save ridge.mov');
  });

  test('in a folder leaves nothing to save', async () => {
    const place = { type: 'folder', name: 'Trips' } as const;
    const { page } = await drawReceivePage({ ...SAMPLE_DONE, place });
    expect(page.text).toContain('The files are in the folder Trips');
    expect(page.all('button')).toHaveLength(0);
  });

  test.each([
    [{ type: 'browser' }, 'stays in this browser: for a day after you saved all of it'],
    [{ type: 'memory' }, 'Save before you close this page'],
  ] as const)('with place %o says "%s"', async (place, words) => {
    const { page } = await drawReceivePage({ ...SAMPLE_DONE, place });
    expect(page.text).toContain(words);
  });
});

describe('incomplete', () => {
  const failures = [{ file: 0, reason: 'source-unreadable' }] as const;

  test('never says done, names what is missing, and saves the rest', async () => {
    const { page } = await drawReceivePage({ ...SAMPLE_DONE, failures });
    expect(page.one('main').dataset['state']).toBe('incomplete');
    page.one('heading', '2 of 3 files are here');
    expect(page.one('status').textContent).not.toMatch(/Received and verified$/);
    expect(page.one('status').textContent).toBe(
      '2 files received and verified, 1 could not be had',
    );
    expect(page.one('alert').dataset['code']).toBe('source-unreadable');
    expect(named(page.all('button'))).toEqual([
      'Save all as ZIP',
      ...saveButtons(SAMPLE_FILES.slice(1).map(({ name }) => name)),
    ]);
  });

  test('of nothing at all offers nothing to save', async () => {
    const { page } = await drawReceivePage({
      ...SAMPLE_DONE,
      files: SAMPLE_FILES.slice(0, 1),
      selected: fullNumberSet(1),
      failures,
      totalBytes: 0,
    });
    page.one('heading', 'None of the files could be had');
    expect(page.all('button')).toHaveLength(0);
  });
});
