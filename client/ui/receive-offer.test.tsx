// @vitest-environment happy-dom
import { act } from 'preact/test-utils';
import { afterEach, describe, expect, test } from 'vitest';
import { emptyNumberSet, fullNumberSet, withNumbers } from '../share/number-set.ts';
import { drawReceivePage, eraseDrawn } from './draw-pages.tsx';
import { become } from './drawn-page.ts';
import {
  SAMPLE_FILES,
  SAMPLE_FOLDERS,
  SAMPLE_OFFERED,
  SAMPLE_STORAGE,
  sampleFile,
} from './sample-states.ts';

afterEach(eraseDrawn);

const IN_FOLDERS = { ...SAMPLE_OFFERED, files: SAMPLE_FOLDERS, selected: fullNumberSet(6) };

describe('the files offered', () => {
  test('are listed with sizes, their count and their sum', async () => {
    const { page } = await drawReceivePage(SAMPLE_OFFERED);
    expect(page.one('main').dataset['state']).toBe('offered');
    page.one('heading', '3 files for you');
    const rows = page.all('listitem', undefined, page.one('list', 'Files offered'));
    expect(rows.map((row) => row.textContent)).toEqual([
      'ridge.mov48 MB',
      'notes "final"  📝.txt0 B',
      'צילום מסך (3).png16 MB',
    ]);
    expect(page.text).toContain('3 files, 64 MB');
  });

  test('keep the writing direction of a name to the name', async () => {
    const { page } = await drawReceivePage(SAMPLE_OFFERED);
    expect(page.root.querySelectorAll('li bdi')).toHaveLength(3);
  });

  test('are received, or not, on demand', async () => {
    const { page, actions } = await drawReceivePage(SAMPLE_OFFERED);
    await page.press('Receive');
    expect(actions.receive).toHaveBeenCalledOnce();
    await page.press('Cancel');
    expect(actions.cancel).toHaveBeenCalledWith(false);
  });

  test('are not chosen from where there is only one', async () => {
    const files = SAMPLE_FILES.slice(0, 1);
    const { page } = await drawReceivePage({
      ...SAMPLE_OFFERED,
      files,
      selected: fullNumberSet(1),
    });
    page.one('heading', '1 file for you');
    expect(page.all('checkbox')).toHaveLength(0);
  });
});

describe('choosing', () => {
  test('one by one: each file has a checkbox with its path', async () => {
    const { page, actions } = await drawReceivePage(IN_FOLDERS);
    for (const [index, { name }] of SAMPLE_FOLDERS.entries()) {
      await act(() => page.one('checkbox', name).click());
      expect(actions.select).toHaveBeenLastCalledWith([index], false);
    }
  });

  test('all at once, from none and from some', async () => {
    const { page, state, actions } = await drawReceivePage(SAMPLE_OFFERED);
    const all = page.one('checkbox', 'All files');
    expect(all).toMatchObject({ checked: true, indeterminate: false });
    await become(state, { ...SAMPLE_OFFERED, selected: withNumbers(emptyNumberSet(3), [1]) });
    expect(all).toMatchObject({ checked: false, indeterminate: true });
    await act(() => all.click());
    expect(actions.select).toHaveBeenLastCalledWith([0, 1, 2], true);
    await become(state, { ...SAMPLE_OFFERED, selected: emptyNumberSet(3) });
    expect(all).toMatchObject({ checked: false, indeterminate: false });
  });

  test('by folder: its checkbox stands for everything below it', async () => {
    const { page, state, actions } = await drawReceivePage(IN_FOLDERS);
    await act(() => page.one('checkbox', 'Folder trip/').click());
    expect(actions.select).toHaveBeenLastCalledWith([0, 1, 2, 3, 4], false);
    await become(state, {
      ...IN_FOLDERS,
      selected: withNumbers(emptyNumberSet(6), [0, 1, 2]),
    });
    const checked = (name: string) => page.one('checkbox', `Folder ${name}`);
    expect(checked('trip/')).toMatchObject({ checked: false, indeterminate: true });
    expect(checked('trip/day 1/')).toMatchObject({ checked: true, indeterminate: false });
    expect(checked('trip/day 2/')).toMatchObject({ checked: false, indeterminate: true });
  });

  test('says what the chosen ones come to', async () => {
    const selected = withNumbers(emptyNumberSet(6), [1, 2]);
    const selectedBytes = 15_000_000;
    const { page } = await drawReceivePage({ ...IN_FOLDERS, selected, selectedBytes });
    expect(page.text).toContain('2 of 5 files, 15 MB');
    expect(page.text).toContain('15 MB, straight from the sender’s browser');
  });

  test('nothing leaves nothing to receive', async () => {
    const { page } = await drawReceivePage({
      ...SAMPLE_OFFERED,
      selected: emptyNumberSet(3),
      selectedBytes: 0,
      storage: { ...SAMPLE_STORAGE, canPickFolder: true },
    });
    expect(page.one('button', 'Receive')).toHaveProperty('disabled', true);
    expect(page.one('button', 'Save to folder…')).toHaveProperty('disabled', true);
  });

  test('among 100,000 files draws no more of them than are seen', async () => {
    const files = Array.from({ length: 100_000 }, (_, n) => sampleFile(`${n % 50}/${n}`, 1));
    const selected = fullNumberSet(100_000);
    const { page, state, actions } = await drawReceivePage({ ...SAMPLE_OFFERED, files, selected });
    await act(() => page.one('checkbox', 'All files').click());
    expect(actions.select.mock.calls[0]?.[0]).toHaveLength(100_000);
    await become(state, { ...SAMPLE_OFFERED, files, selected: emptyNumberSet(100_000) });
    expect(page.all('checkbox')).toHaveLength(201);
  });
});

describe('storage', () => {
  test('that is not known yet stops nobody', async () => {
    const { page } = await drawReceivePage({ ...SAMPLE_OFFERED, storage: null });
    expect(page.one('button', 'Receive')).toHaveProperty('disabled', false);
    expect(page.all('button', 'Save to folder…')).toHaveLength(0);
  });

  test('a folder is offered where the browser can pick one', async () => {
    const storage = { ...SAMPLE_STORAGE, canPickFolder: true };
    const { page, actions } = await drawReceivePage({ ...SAMPLE_OFFERED, storage });
    await page.press('Save to folder…');
    expect(actions.receiveIntoFolder).toHaveBeenCalledOnce();
  });

  test('that does not suffice is named with needed and free, and with the ways out', async () => {
    const storage = {
      fits: false,
      neededBytes: 70_400_000,
      availableBytes: 21_000_000,
      reclaimable: { count: 2, bytes: 1_200_000_000 },
      canPickFolder: true,
    };
    const { page, actions } = await drawReceivePage({ ...SAMPLE_OFFERED, storage });
    expect(page.one('alert').dataset['code']).toBe('storage-full');
    expect(page.text).toContain('70.4 MB are needed, 21 MB are free');
    expect(page.one('button', 'Receive')).toHaveProperty('disabled', true);
    expect(page.one('button', 'Save to folder…')).toHaveProperty('disabled', false);
    await page.press('Make room: delete 2 kept downloads (1.2 GB)');
    expect(actions.makeRoom).toHaveBeenCalledOnce();
  });

  test('where nothing else helps, fewer files do', async () => {
    const storage = { ...SAMPLE_STORAGE, fits: false, availableBytes: null };
    const { page } = await drawReceivePage({ ...SAMPLE_OFFERED, storage });
    expect(page.one('alert').textContent).toContain('are needed. You can choose fewer files.');
    expect(page.all('button').map((button) => button.textContent)).toEqual(['Receive', 'Cancel']);
  });
});
