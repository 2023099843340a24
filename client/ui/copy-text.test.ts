// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from 'vitest';
import { copyText } from './copy-text.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

function fieldWith(text: string): HTMLInputElement {
  const field = document.createElement('input');
  field.value = text;
  document.body.replaceChildren(field);
  return field;
}

test('copies to the clipboard and leaves the focus alone', async () => {
  const writeText = vi.fn<(text: string) => Promise<void>>(async () => {});
  vi.stubGlobal('navigator', { clipboard: { writeText } });
  const field = fieldWith('the link');
  expect(await copyText('the link', field)).toBe('copied');
  expect(writeText).toHaveBeenCalledWith('the link');
  expect(document.activeElement).not.toBe(field);
});

test('selects all of a field that has the focus already', async () => {
  vi.stubGlobal('navigator', {});
  const field = fieldWith('the link');
  field.focus();
  field.setSelectionRange(3, 3);
  expect(await copyText('the link', field)).toBe('selected');
  expect([field.selectionStart, field.selectionEnd]).toEqual([0, 8]);
});
