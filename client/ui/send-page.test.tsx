// @vitest-environment happy-dom
import { type Signal, signal } from '@preact/signals';
import { act } from 'preact/test-utils';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { SendActions, SendState } from '../session/send-state.ts';
import { DrawnPage } from './drawn-page.ts';
import {
  SAMPLE_FILES,
  SAMPLE_LINK,
  sampleProgress,
  sampleReceiver,
  sampleSharing,
} from './sample-states.ts';
import { SendPage } from './send-page.tsx';

let drawn: DrawnPage | null = null;

afterEach(async () => {
  await drawn?.erase();
  drawn = null;
});

/** Changes the state and lets the page follow. */
async function become<State>(state: Signal<State>, next: State): Promise<void> {
  await act(() => {
    state.value = next;
  });
}

async function draw(initial: SendState) {
  const state = signal(initial);
  const actions = {
    share: vi.fn<SendActions['share']>(),
    stopSharing: vi.fn<SendActions['stopSharing']>(),
    startOver: vi.fn<SendActions['startOver']>(),
  };
  const page = await DrawnPage.draw(<SendPage state={state} actions={actions} />);
  drawn = page;
  return { page, state, actions };
}

/** Raises an event as a browser would, with `data` as what is dragged or pasted. */
async function raise(type: string, property: 'dataTransfer' | 'clipboardData', data: unknown) {
  const event = new Event(type, { bubbles: true, cancelable: true });
  Object.defineProperty(event, property, { value: data });
  await act(() => void document.body.dispatchEvent(event));
  return event;
}

function dropOf(files: readonly File[], folders = 0) {
  const entry = (isDirectory: boolean, file: File | null) => ({
    kind: 'file',
    getAsFile: () => file,
    webkitGetAsEntry: () => ({ isDirectory }),
  });
  const items = [
    ...files.map((file) => entry(false, file)),
    ...Array.from({ length: folders }, () => entry(true, null)),
  ];
  return { types: ['Files'], items, dropEffect: 'none' };
}

const FILE = new File(['x'], 'x.txt');

describe('idle', () => {
  test('says what the site does and what it does not store', async () => {
    const { page } = await draw({ type: 'idle' });
    expect(page.one('main').dataset['state']).toBe('idle');
    expect(page.text).toContain('directly from your browser');
    expect(page.text).toContain('nothing is stored on the server');
  });

  test('shares the files that are chosen', async () => {
    const { page, actions } = await draw({ type: 'idle' });
    const input = page.one('file', 'Choose files');
    expect(input.hasAttribute('multiple')).toBe(true);
    Object.defineProperty(input, 'files', { value: [FILE] });
    await act(() => void input.dispatchEvent(new Event('change', { bubbles: true })));
    expect(actions.share).toHaveBeenCalledWith([FILE]);
  });

  test('shares nothing when the picker is closed without a choice', async () => {
    const { page, actions } = await draw({ type: 'idle' });
    await act(() => void page.one('file').dispatchEvent(new Event('change', { bubbles: true })));
    expect(actions.share).not.toHaveBeenCalled();
  });

  test('shows where files go while they are dragged over the page', async () => {
    const { page } = await draw({ type: 'idle' });
    await raise('dragenter', 'dataTransfer', dropOf([FILE]));
    expect(page.text).toContain('Drop to share');
    await raise('dragleave', 'dataTransfer', dropOf([FILE]));
    expect(page.text).not.toContain('Drop to share');
  });

  test('shares dropped files and says that folders were left out', async () => {
    const { page, actions } = await draw({ type: 'idle' });
    await raise('drop', 'dataTransfer', dropOf([FILE], 1));
    expect(actions.share).toHaveBeenCalledWith([FILE]);
    expect(page.text).toContain('Folders cannot be sent yet');
  });

  test('a dropped folder alone starts no share', async () => {
    const { page, actions } = await draw({ type: 'idle' });
    await raise('drop', 'dataTransfer', dropOf([], 1));
    expect(actions.share).not.toHaveBeenCalled();
    expect(page.text).toContain('Folders cannot be sent yet');
  });

  test('shares pasted files', async () => {
    const { actions } = await draw({ type: 'idle' });
    await raise('paste', 'clipboardData', dropOf([FILE]));
    expect(actions.share).toHaveBeenCalledWith([FILE]);
  });
});

test('opening is drawn as connecting, with the files', async () => {
  const { page } = await draw({ type: 'opening', files: SAMPLE_FILES });
  expect(page.one('main').dataset['state']).toBe('connecting');
  expect(page.all('listitem', undefined, page.one('list', 'Files to send'))).toHaveLength(3);
});

describe('sharing', () => {
  test('shows the link, read-only, and opens it in a new tab without access to this one', async () => {
    const { page } = await draw(sampleSharing());
    expect(page.one('main').dataset['state']).toBe('sharing');
    const box = page.one('textbox', 'Share link');
    expect(box).toHaveProperty('value', SAMPLE_LINK);
    expect(box).toHaveProperty('readOnly', true);
    const link = page.one('link', 'Open in a new tab');
    expect(link.getAttribute('href')).toBe(SAMPLE_LINK);
    expect(link.getAttribute('target')).toBe('_blank');
    expect(link.getAttribute('rel')).toBe('noopener');
  });

  test('lists the files with sizes, their count and their sum, and says to keep the page open', async () => {
    const { page } = await draw(sampleSharing());
    const [first, empty] = page.all('listitem', undefined, page.one('list', 'Files to send'));
    expect(first?.textContent).toBe('ridge.mov48 MB');
    expect(empty?.textContent).toBe('notes "final"  📝.txt0 B');
    expect(page.text).toContain('3 files, 64 MB');
    expect(page.text).toContain('Keep this page open');
  });

  test('says that nobody came yet, with the list of receivers empty', async () => {
    const { page } = await draw(sampleSharing());
    expect(page.all('listitem', undefined, page.one('list', 'Receivers'))).toHaveLength(0);
    expect(page.text).toContain('Nobody has opened the link yet.');
  });

  test.each([
    [{ type: 'connecting' }, 'Connecting'],
    [{ type: 'choosing' }, 'Looking at the files'],
    [{ type: 'receiving' }, 'Receiving'],
    [{ type: 'failed', reason: 'storage-failed' }, 'Could not store the files'],
    [{ type: 'done' }, 'Received and verified'],
    [{ type: 'failed', reason: 'receiver-cancelled' }, 'The receiver cancelled'],
  ] as const)('a receiver that is %o has the status "%s"', async (status, words) => {
    const { page } = await draw(sampleSharing([sampleReceiver(1, status)]));
    const item = page.one('listitem', undefined, page.one('list', 'Receivers'));
    expect(page.one('status', undefined, item).textContent).toBe(words);
    page.one('progressbar', 'Receiver 1', item);
  });

  test('a receiver shows bytes, speed and time left, none of which is in its status', async () => {
    const progress = sampleProgress(16_000_000, 4_000_000);
    const { page } = await draw(
      sampleSharing([sampleReceiver(2, { type: 'receiving' }, progress)]),
    );
    const bar = page.one('progressbar', 'Receiver 2');
    expect(bar.getAttribute('aria-valuetext')).toBe('25%, 16 MB of 64 MB');
    expect(bar).toHaveProperty('value', 0.25);
    const item = page.one('listitem', undefined, page.one('list', 'Receivers'));
    expect(item.textContent).toContain('16 MB of 64 MB4 MB/s12 s left');
  });

  test('says when the server cannot be reached', async () => {
    const { page, state } = await draw(sampleSharing());
    expect(page.text).not.toContain('The server cannot be reached');
    await become(state, sampleSharing([], false));
    expect(page.text).toContain('The server cannot be reached');
  });

  test('stops on demand', async () => {
    const { page, actions } = await draw(sampleSharing());
    await page.press('Stop sharing');
    expect(actions.stopSharing).toHaveBeenCalledOnce();
  });

  test('takes no more files, and says why', async () => {
    const { page, actions } = await draw(sampleSharing());
    const event = await raise('drop', 'dataTransfer', dropOf([FILE]));
    expect(event.defaultPrevented).toBe(true);
    expect(actions.share).not.toHaveBeenCalled();
    expect(page.text).toContain('Stop sharing first');
  });

  test('draws 100,000 files as the first few hundred and a number, and more on demand', async () => {
    const files = Array.from({ length: 100_000 }, (_, n) => ({ name: `${n}.jpg`, size: 1 }));
    const { page } = await draw({ type: 'opening', files });
    const list = page.one('list', 'Files to send');
    expect(page.all('listitem', undefined, list)).toHaveLength(200);
    expect(page.text).toContain('and 99,800 more');
    await page.press('Show more');
    expect(page.all('listitem', undefined, list)).toHaveLength(700);
    expect(page.text).toContain('and 99,300 more');
  });
});

test('failed says what happened in an alert with its code, and starts over', async () => {
  const { page, actions } = await draw({
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
  const { page, actions } = await draw({ type: 'cancelled' });
  expect(page.one('main').dataset['state']).toBe('cancelled');
  page.one('heading', 'Sharing has stopped');
  await page.press('Send other files');
  expect(actions.startOver).toHaveBeenCalledOnce();
});

test('the focus goes to the heading when the button that had it is gone', async () => {
  const { page, state } = await draw(sampleSharing());
  page.one('button', 'Stop sharing').focus();
  await become(state, { type: 'cancelled' });
  expect(document.activeElement).toBe(page.one('heading', 'Sharing has stopped'));
});

test('the focus stays where it is while receivers come and go', async () => {
  const { page, state } = await draw(sampleSharing());
  page.one('button', 'Copy link').focus();
  await become(state, sampleSharing([sampleReceiver(1, { type: 'connecting' })]));
  expect(document.activeElement).toBe(page.one('button', 'Copy link'));
});
