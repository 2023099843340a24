// @vitest-environment happy-dom
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DrawnPage } from './drawn-page.ts';
import { SAMPLE_LINK } from './sample-states.ts';
import { ShareLink } from './share-link.tsx';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function pressCopy(page: DrawnPage) {
  await act(async () => {
    page.one('button', 'Copy link').click();
    await vi.advanceTimersByTimeAsync(0);
  });
}

function stubClipboard(clipboard: unknown) {
  vi.stubGlobal('navigator', { clipboard });
}

test('copies the link, says so politely, and stops saying so', async () => {
  const writeText = vi.fn<(text: string) => Promise<void>>(async () => {});
  stubClipboard({ writeText });
  const page = await DrawnPage.draw(<ShareLink link={SAMPLE_LINK} />);
  await pressCopy(page);
  expect(writeText).toHaveBeenCalledWith(SAMPLE_LINK);
  expect(page.root.querySelector('[aria-live=polite]')?.textContent).toBe('Copied');
  await act(() => void vi.advanceTimersByTime(4000));
  expect(page.root.querySelector('[aria-live=polite]')?.textContent).toBe('');
});

test.each([
  ['missing', undefined],
  ['forbidden', { writeText: () => Promise.reject(new Error('denied')) }],
])('selects the link for the user when the clipboard is %s', async (_how, clipboard) => {
  stubClipboard(clipboard);
  const page = await DrawnPage.draw(<ShareLink link={SAMPLE_LINK} />);
  await pressCopy(page);
  const box = page.one('textbox', 'Share link');
  expect(document.activeElement).toBe(box);
  expect(box).toHaveProperty('selectionStart', 0);
  expect(box).toHaveProperty('selectionEnd', SAMPLE_LINK.length);
  expect(page.text).toContain('press Ctrl+C');
});

test('a link that leads nowhere on other machines says so, and only such a link', async () => {
  const local = await DrawnPage.draw(<ShareLink link="http://localhost:3000/#secret" />);
  expect(local.text).toContain('works on this computer only');
  const other = await DrawnPage.draw(<ShareLink link="https://192.168.1.5:3000/#secret" />);
  expect(other.text).not.toContain('works on this computer only');
});
