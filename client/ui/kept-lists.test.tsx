// @vitest-environment happy-dom
import { afterEach, expect, test } from 'vitest';
import { drawSendPage, eraseDrawn } from './draw-pages.tsx';
import { become } from './drawn-page.ts';
import { SAMPLE_KEPT, sampleSharing } from './sample-states.ts';

afterEach(eraseDrawn);

const [FIRST] = SAMPLE_KEPT.downloads;

test('downloads are listed with how much has arrived, and resumed at their address', async () => {
  const { page } = await drawSendPage({ type: 'idle' }, { kept: SAMPLE_KEPT });
  const [first] = page.all('listitem', undefined, page.one('list', 'Downloads to finish'));
  expect(first?.textContent).toContain('ridge.mov and 2 more');
  expect(first?.textContent).toContain('12 MB of 64 MB');
  await page.press('Resume ridge.mov');
  expect(location.hash).toBe('#q1Zk3m0bVw9cD4yRt7uXpA');
});

test('a download that another tab is at is left to it', async () => {
  const { page } = await drawSendPage({ type: 'idle' }, { kept: SAMPLE_KEPT });
  const [, second] = page.all('listitem', undefined, page.one('list', 'Downloads to finish'));
  expect(second?.textContent).toContain('Open in another tab');
  expect(page.all('button', undefined, second)).toHaveLength(0);
});

test('a complete download is opened, to be saved', async () => {
  const downloads = FIRST === undefined ? [] : [{ ...FIRST, complete: true }];
  const { page } = await drawSendPage({ type: 'idle' }, { kept: { downloads, shares: [] } });
  page.one('button', 'Open ridge.mov');
  expect(page.text).toContain('complete');
  expect(page.all('list', 'Interrupted shares')).toHaveLength(0);
});

test('interrupted shares are continued, and everything can be deleted', async () => {
  const { page, actions, keptActions } = await drawSendPage(
    { type: 'idle' },
    { kept: SAMPLE_KEPT },
  );
  page.one('list', 'Interrupted shares');
  await page.press('Continue thesis.pdf');
  expect(actions.continueShare).toHaveBeenCalledWith('third');
  await page.press('Delete thesis.pdf');
  expect(keptActions.deleteShare).toHaveBeenCalledWith('third');
  await page.press('Delete ridge.mov');
  expect(keptActions.deleteDownload).toHaveBeenCalledWith('first');
});

test('the focus goes to the heading when what it was on is deleted', async () => {
  const { page, kept } = await drawSendPage({ type: 'idle' }, { kept: SAMPLE_KEPT });
  page.one('button', 'Delete thesis.pdf').focus();
  await become(kept, { ...SAMPLE_KEPT, shares: [] });
  expect(document.activeElement).toBe(
    page.one('heading', 'Send files straight to another browser'),
  );
});

test('what is kept that changes while nothing has the focus takes none', async () => {
  const { kept } = await drawSendPage({ type: 'idle' });
  await become(kept, SAMPLE_KEPT);
  expect(document.activeElement).toBe(document.body);
});

test('what is kept is listed on the home page only', async () => {
  const { page } = await drawSendPage(sampleSharing(), { kept: SAMPLE_KEPT });
  expect(page.all('list', 'Downloads to finish')).toHaveLength(0);
});
