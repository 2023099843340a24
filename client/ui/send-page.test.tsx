// @vitest-environment happy-dom
import { act } from 'preact/test-utils';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type FakeFolder, FakeFolderEntry } from '../testing/fake-folder.ts';
import { drawSendPage, eraseDrawn, raise } from './draw-pages.tsx';
import { become } from './drawn-page.ts';
import { SAMPLE_FILES, sampleFile, sampleReceiver, sampleSharing } from './sample-states.ts';

afterEach(eraseDrawn);

const FILE = new File(['x'], 'x.txt');
const CHOSEN = { path: 'x.txt', file: FILE };

function fileItem(file: File) {
  return { kind: 'file', getAsFile: () => file };
}

function folderItem(name: string, content: FakeFolder) {
  const entry = new FakeFolderEntry(name, content);
  return { kind: 'file', getAsFile: () => null, webkitGetAsEntry: () => entry };
}

function dropOf(...items: readonly unknown[]) {
  return { types: ['Files'], items, dropEffect: 'none' };
}

describe('idle', () => {
  test('says what the site does and what it does not store', async () => {
    const { page } = await drawSendPage({ type: 'idle' });
    expect(page.one('main').dataset['state']).toBe('idle');
    expect(page.text).toContain('directly from your browser');
    expect(page.text).toContain('only if you say so');
    expect(page.all('list', 'Downloads to finish')).toHaveLength(0);
  });

  test.each([
    ['Choose files', 'multiple'],
    ['Choose a folder', 'webkitdirectory'],
  ])('%s shares what is chosen', async (name, attribute) => {
    const { page, actions } = await drawSendPage({ type: 'idle' });
    const input = page.one('file', name);
    expect(input.hasAttribute(attribute)).toBe(true);
    Object.defineProperty(input, 'files', { value: [FILE] });
    await act(() => void input.dispatchEvent(new Event('change', { bubbles: true })));
    expect(actions.share).toHaveBeenCalledWith([CHOSEN]);
  });

  test('shares nothing when the picker is closed without a choice', async () => {
    const { page, actions } = await drawSendPage({ type: 'idle' });
    const input = page.one('file', 'Choose files');
    await act(() => void input.dispatchEvent(new Event('change', { bubbles: true })));
    expect(actions.share).not.toHaveBeenCalled();
  });

  test('shows where files go while they are dragged over the page', async () => {
    const { page } = await drawSendPage({ type: 'idle' });
    await raise('dragenter', 'dataTransfer', dropOf(fileItem(FILE)));
    expect(page.text).toContain('Drop to share');
    await raise('dragleave', 'dataTransfer', dropOf(fileItem(FILE)));
    expect(page.text).not.toContain('Drop to share');
  });

  test('shares dropped files at once', async () => {
    const { actions } = await drawSendPage({ type: 'idle' });
    await raise('drop', 'dataTransfer', dropOf(fileItem(FILE)));
    expect(actions.share).toHaveBeenCalledWith([CHOSEN]);
  });

  test('shares pasted files', async () => {
    const { actions } = await drawSendPage({ type: 'idle' });
    await raise('paste', 'clipboardData', dropOf(fileItem(FILE)));
    expect(actions.share).toHaveBeenCalledWith([CHOSEN]);
  });
});

describe('dropped folders', () => {
  test('are read while the page says so, then shared with their paths', async () => {
    const { page, actions } = await drawSendPage({ type: 'idle' });
    await raise('drop', 'dataTransfer', dropOf(folderItem('trip', { 'x.txt': FILE, none: {} })));
    page.one('button', 'Cancel');
    await vi.waitFor(() => expect(actions.share).toHaveBeenCalledOnce());
    expect(actions.share).toHaveBeenCalledWith([
      expect.objectContaining({ path: 'trip/none/', file: null }),
      expect.objectContaining({ path: 'trip/x.txt', file: FILE }),
    ]);
    await vi.waitFor(() => expect(page.all('button', 'Cancel')).toHaveLength(0));
  });

  test('the page counts what it has found, and takes nothing else meanwhile', async () => {
    const { page, actions } = await drawSendPage({ type: 'idle' });
    const held = folderItem('trip', {});
    const createReader = () => ({ readEntries: () => undefined });
    const entry = Object.assign(new FakeFolderEntry('held', {}), { createReader });
    await raise(
      'drop',
      'dataTransfer',
      dropOf(fileItem(FILE), held, { ...held, webkitGetAsEntry: () => entry }),
    );
    await vi.waitFor(() => page.one('heading', 'Reading the list… 2 files'));
    await raise('drop', 'dataTransfer', dropOf(fileItem(FILE)));
    expect(page.text).toContain('Folders are still being read');
    expect(actions.share).not.toHaveBeenCalled();
  });

  test('Cancel ends the reading, and nothing is shared', async () => {
    const { page, actions } = await drawSendPage({ type: 'idle' });
    await raise('drop', 'dataTransfer', dropOf(folderItem('trip', { 'x.txt': FILE })));
    await page.press('Cancel');
    await vi.waitFor(() => page.one('file', 'Choose files'));
    expect(actions.share).not.toHaveBeenCalled();
  });

  test('what cannot be read is named, and the rest is shared', async () => {
    const { page, actions } = await drawSendPage({ type: 'idle' });
    const locked = Object.fromEntries(Array.from({ length: 8 }, (_, n) => [`${n}.txt`, null]));
    await raise('drop', 'dataTransfer', dropOf(folderItem('trip', { ...locked, 'x.txt': FILE })));
    await vi.waitFor(() => expect(actions.share).toHaveBeenCalledOnce());
    expect(actions.share.mock.calls[0]?.[0]).toEqual([
      expect.objectContaining({ path: 'trip/x.txt', file: FILE }),
    ]);
    await vi.waitFor(() => expect(page.text).toContain('could not read these'));
    expect(page.text).toContain('trip/0.txt');
    expect(page.text).toContain('and 3 more');
  });
});

test('opening is drawn as connecting, with the files', async () => {
  const { page } = await drawSendPage({ type: 'opening', files: SAMPLE_FILES });
  expect(page.one('main').dataset['state']).toBe('connecting');
  expect(page.all('listitem', undefined, page.one('list', 'Files to send'))).toHaveLength(3);
});

test('draws 100,000 files as the first few hundred and a number, and more on demand', async () => {
  const files = Array.from({ length: 100_000 }, (_, n) => sampleFile(`${n}.jpg`, 1));
  const { page } = await drawSendPage({ type: 'opening', files });
  const list = page.one('list', 'Files to send');
  expect(page.all('listitem', undefined, list)).toHaveLength(200);
  expect(page.text).toContain('and 99,800 more');
  await page.press('Show more');
  expect(page.all('listitem', undefined, list)).toHaveLength(700);
  expect(page.text).toContain('and 99,300 more');
});

test('a share that is open takes no more files, and says why', async () => {
  const { page, actions } = await drawSendPage(sampleSharing());
  const event = await raise('drop', 'dataTransfer', dropOf(fileItem(FILE)));
  expect(event.defaultPrevented).toBe(true);
  await raise('drop', 'dataTransfer', dropOf(folderItem('trip', { 'x.txt': FILE })));
  page.one('textbox', 'Share link');
  expect(actions.share).not.toHaveBeenCalled();
  expect(page.text).toContain('Stop sharing first');
});

test('failed says what happened in an alert with its code, and starts over', async () => {
  const { page, actions } = await drawSendPage({
    type: 'failed',
    reason: 'signaling-unreachable',
    files: SAMPLE_FILES,
  });
  expect(page.one('main').dataset['state']).toBe('failed');
  const alert = page.one('alert');
  expect(alert.dataset['code']).toBe('signaling-unreachable');
  expect(alert.textContent).toContain('The server cannot be reached');
  await page.press('Start over');
  expect(actions.startOver).toHaveBeenCalledOnce();
});

test('cancelled says that sharing stopped, and starts over', async () => {
  const { page, actions } = await drawSendPage({ type: 'cancelled' });
  expect(page.one('main').dataset['state']).toBe('cancelled');
  page.one('heading', 'Sharing has stopped');
  await page.press('Send other files');
  expect(actions.startOver).toHaveBeenCalledOnce();
});

test('the focus goes to the heading when the button that had it is gone', async () => {
  const { page, state } = await drawSendPage(sampleSharing());
  page.one('button', 'Stop sharing').focus();
  await become(state, { type: 'cancelled' });
  expect(document.activeElement).toBe(page.one('heading', 'Sharing has stopped'));
});

test('the focus stays where it is while receivers come and go', async () => {
  const { page, state } = await drawSendPage(sampleSharing());
  page.one('button', 'Copy link').focus();
  await become(state, sampleSharing([sampleReceiver(1, { type: 'connecting' })]));
  expect(document.activeElement).toBe(page.one('button', 'Copy link'));
});
