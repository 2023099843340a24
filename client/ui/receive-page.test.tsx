// @vitest-environment happy-dom
import { type Signal, signal } from '@preact/signals';
import { act } from 'preact/test-utils';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { ReceiveActions, ReceiveState } from '../session/receive-state.ts';
import { DrawnPage } from './drawn-page.ts';
import { ReceivePage } from './receive-page.tsx';
import { SAMPLE_DONE, SAMPLE_FILES, SAMPLE_RECEIVING, sampleProgress } from './sample-states.ts';

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

async function draw(initial: ReceiveState) {
  const state = signal(initial);
  const actions = {
    receive: vi.fn<ReceiveActions['receive']>(),
    cancel: vi.fn<ReceiveActions['cancel']>(),
    tryAgain: vi.fn<ReceiveActions['tryAgain']>(),
    save: vi.fn<ReceiveActions['save']>(),
  };
  const page = await DrawnPage.draw(<ReceivePage state={state} actions={actions} />);
  drawn = page;
  return { page, state, actions };
}

const OFFERED: ReceiveState = { type: 'offered', files: SAMPLE_FILES };

test.each([
  ['room', 'Looking up the link'],
  ['peer', 'Connecting to the sender’s browser'],
  ['manifest', 'Getting the list of files'],
] as const)('connecting, step %s, has the status "%s"', async (step, words) => {
  const { page } = await draw({ type: 'connecting', step });
  expect(page.one('main').dataset['state']).toBe('connecting');
  expect(page.one('status').textContent).toBe(words);
});

describe('offered', () => {
  test('lists the files with sizes, their count and their sum', async () => {
    const { page } = await draw(OFFERED);
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

  test('keeps the writing direction of a name to the name', async () => {
    const { page } = await draw(OFFERED);
    expect(page.root.querySelectorAll('li > bdi')).toHaveLength(3);
  });

  test('receives and cancels on demand', async () => {
    const { page, actions } = await draw(OFFERED);
    await page.press('Receive');
    expect(actions.receive).toHaveBeenCalledOnce();
    await page.press('Cancel');
    expect(actions.cancel).toHaveBeenCalledOnce();
  });
});

describe('receiving', () => {
  test('shows progress, speed and time left, and cancels on demand', async () => {
    const { page, actions } = await draw(SAMPLE_RECEIVING);
    const bar = page.one('progressbar', 'Progress');
    expect(bar).toHaveProperty('value', 0.25);
    expect(bar.getAttribute('aria-valuetext')).toBe('25%, 16 MB of 64 MB');
    expect(page.text).toContain('16 MB of 64 MB4 MB/s12 s left');
    await page.press('Cancel');
    expect(actions.cancel).toHaveBeenCalledOnce();
  });

  test('leaves out speed and time left until they can be told', async () => {
    const { page } = await draw({ ...SAMPLE_RECEIVING, progress: sampleProgress(0) });
    expect(page.text).toContain('0 B of 64 MB');
    expect(page.text).not.toContain('/s');
    expect(page.text).not.toContain('left');
  });

  test('the status is silent about every byte and speaks when the last checks run', async () => {
    const { page, state } = await draw(SAMPLE_RECEIVING);
    const status = page.one('status');
    const before = status.textContent;
    await become(state, { ...SAMPLE_RECEIVING, progress: sampleProgress(32_000_000) });
    expect(status.textContent).toBe(before);
    await become(state, { ...SAMPLE_RECEIVING, phase: 'finishing' });
    expect(status.textContent).toBe('Checking the last pieces');
    expect(page.one('status')).toBe(status);
  });
});

describe('done', () => {
  test('says so in the same status element, with size, time and average speed', async () => {
    const { page, state } = await draw(SAMPLE_RECEIVING);
    const status = page.one('status');
    await become(state, SAMPLE_DONE);
    expect(page.one('main').dataset['state']).toBe('done');
    expect(page.one('status')).toBe(status);
    expect(status.textContent).toBe('Received and verified');
    expect(page.text).toContain('Size64 MBTime13 sAverage speed5 MB/s');
  });

  test('gives every file a button with its exact name', async () => {
    const { page, actions } = await draw(SAMPLE_DONE);
    for (const [index, { name }] of SAMPLE_FILES.entries()) {
      await act(() => page.one('button', `Save ${name}`).click());
      expect(actions.save).toHaveBeenLastCalledWith(index);
    }
  });

  test('gives no speed for empty files', async () => {
    const { page } = await draw({
      type: 'done',
      files: [{ name: 'empty', size: 0 }],
      totalBytes: 0,
      seconds: 0,
      saveFailure: null,
    });
    expect(page.text).toContain('Your file is here');
    expect(page.text).not.toContain('Average speed');
  });
});

describe('failed', () => {
  test('says what happened, what is kept, and tries again', async () => {
    const { page, actions } = await draw({
      type: 'failed',
      reason: 'connection-lost',
      files: SAMPLE_FILES,
      kept: sampleProgress(12_000_000),
    });
    expect(page.one('main').dataset['state']).toBe('failed');
    expect(page.one('alert').dataset['code']).toBe('connection-lost');
    expect(page.text).toContain('12 MB of 64 MB are kept');
    await page.press('Try again');
    expect(actions.tryAgain).toHaveBeenCalledOnce();
  });

  test('offers no second try where it cannot help', async () => {
    const { page } = await draw({
      type: 'failed',
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

test('cancelled says so and joins again on demand', async () => {
  const { page, actions } = await draw({ type: 'cancelled', files: SAMPLE_FILES });
  expect(page.one('main').dataset['state']).toBe('cancelled');
  page.one('heading', 'You cancelled');
  await page.press('Try again');
  expect(actions.tryAgain).toHaveBeenCalledOnce();
});

test('the focus goes to the heading when Receive is pressed, and stays there to the end', async () => {
  const { page, state } = await draw(OFFERED);
  page.one('button', 'Receive').focus();
  await become(state, SAMPLE_RECEIVING);
  const heading = page.one('heading', 'Receiving 3 files');
  expect(document.activeElement).toBe(heading);
  await become(state, SAMPLE_DONE);
  expect(document.activeElement).toBe(heading);
});

test('the focus is not taken from a control that outlives the change', async () => {
  const files = Array.from({ length: 300 }, (_, n) => ({ name: `${n}.jpg`, size: 1 }));
  const { page, state } = await draw({ ...SAMPLE_RECEIVING, files });
  page.one('button', 'Show more').focus();
  await become(state, { ...SAMPLE_DONE, files });
  expect(document.activeElement).toBe(page.one('button', 'Show more'));
});

test('a file dropped on the page does not make the browser leave it', async () => {
  await draw(SAMPLE_RECEIVING);
  const event = new Event('drop', { bubbles: true, cancelable: true });
  Object.defineProperty(event, 'dataTransfer', { value: { types: ['Files'] } });
  document.body.dispatchEvent(event);
  expect(event.defaultPrevented).toBe(true);
});

test('a file that could not be saved is an alert on the page that is done, beside its Save buttons', async () => {
  const { page } = await draw({ ...SAMPLE_DONE, saveFailure: 'storage-failed' });
  expect(page.one('main').dataset['state']).toBe('done');
  expect(page.one('alert').dataset['code']).toBe('storage-failed');
  page.one('button', `Save ${SAMPLE_FILES[0].name}`);
});

test('done says to save before the page is closed', async () => {
  const { page } = await draw(SAMPLE_DONE);
  expect(page.text).toContain('before you close this page');
});

test('connecting can be cancelled, and a sender that is away is said to be', async () => {
  const { page, actions } = await draw({ type: 'connecting', step: 'sender' });
  expect(page.one('status').textContent).toContain('Waiting for the sender');
  await page.press('Cancel');
  expect(actions.cancel).toHaveBeenCalledOnce();
});
