// @vitest-environment happy-dom
import { act } from 'preact/test-utils';
import { afterEach, expect, test } from 'vitest';
import { drawSendPage, eraseDrawn, raise } from './draw-pages.tsx';
import { SAMPLE_FILES, SAMPLE_LINK } from './sample-states.ts';

afterEach(eraseDrawn);

const INTERRUPTED = {
  type: 'interrupted',
  files: SAMPLE_FILES,
  link: SAMPLE_LINK,
  unrecognized: [],
  canContinue: false,
} as const;

const FILE = new File(['x'], 'ridge.mov');

test('says what happened, lists the files, and takes them again however they come', async () => {
  const { page, actions } = await drawSendPage(INTERRUPTED);
  expect(page.one('main').dataset['state']).toBe('interrupted');
  page.one('heading', 'Your share was interrupted');
  expect(page.all('listitem', undefined, page.one('list', 'Files to send'))).toHaveLength(3);
  page.one('file', 'Choose a folder');
  const input = page.one('file', 'Choose files');
  Object.defineProperty(input, 'files', { value: [FILE] });
  await act(() => void input.dispatchEvent(new Event('change', { bubbles: true })));
  const items = [{ kind: 'file', getAsFile: () => FILE }];
  await raise('drop', 'dataTransfer', { types: ['Files'], items, dropEffect: 'none' });
  const chosen = [{ path: 'ridge.mov', file: FILE }];
  expect(actions.share.mock.calls).toEqual([[chosen], [chosen]]);
  expect(page.all('button', 'Go on without them')).toHaveLength(0);
});

test('names what was not recognised, and goes on without it or gives up', async () => {
  const { page, actions } = await drawSendPage({
    ...INTERRUPTED,
    unrecognized: [
      { name: 'a.txt', problem: 'missing' },
      { name: 'b.txt', problem: 'changed' },
    ],
    canContinue: true,
  });
  const rows = page.all('listitem', undefined, page.one('list', 'Files not recognised'));
  expect(rows.map((row) => row.textContent)).toEqual([
    'a.txtNot among those chosen',
    'b.txtChanged since',
  ]);
  await page.press('Go on without them');
  expect(actions.continueWithout).toHaveBeenCalledOnce();
  await page.press('Give up this share');
  expect(actions.giveUp).toHaveBeenCalledOnce();
});
