// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { refuseDrops, watchDrops } from './drop-target.ts';
import type { DraggedItem, Dropped } from './dropped.ts';

const FILE = new File(['x'], 'x.txt');

function dragged(items: readonly DraggedItem[], types: readonly string[] = ['Files']) {
  return { items, types, dropEffect: 'none' };
}

const fileItem = { kind: 'file', getAsFile: () => FILE };
const textItem = { kind: 'string', getAsFile: () => null };

let watching = new AbortController();
let drops: (readonly Dropped[])[] = [];
let hovers: boolean[] = [];

beforeEach(() => {
  watching = new AbortController();
  drops = [];
  hovers = [];
});

afterEach(() => {
  watching.abort();
});

function watch(): void {
  const onHover = (hovering: boolean) => hovers.push(hovering);
  watchDrops(document, (drop) => drops.push(drop), onHover, watching.signal);
}

function raise(
  type: string,
  data: ReturnType<typeof dragged>,
  relatedTarget: Element | null = null,
): Event {
  const event = new Event(type, { bubbles: true, cancelable: true });
  Object.defineProperty(event, 'dataTransfer', { value: data });
  Object.defineProperty(event, 'relatedTarget', { value: relatedTarget });
  document.body.dispatchEvent(event);
  return event;
}

describe('watchDrops', () => {
  test('takes a drop of files over from the browser', () => {
    watch();
    const data = dragged([fileItem]);
    expect(raise('dragover', data).defaultPrevented).toBe(true);
    expect(data.dropEffect).toBe('copy');
    expect(raise('drop', data).defaultPrevented).toBe(true);
    expect(drops).toEqual([[{ type: 'file', file: FILE }]]);
  });

  test('does nothing about dragged text', () => {
    watch();
    for (const type of ['dragenter', 'dragover', 'drop']) {
      expect(raise(type, dragged([textItem], ['text/plain'])).defaultPrevented).toBe(false);
    }
    expect(drops).toEqual([]);
    expect(hovers).toEqual([]);
  });

  test('hears files come and go once, however many elements they pass', () => {
    watch();
    const data = dragged([fileItem]);
    raise('dragenter', data);
    raise('dragover', data);
    raise('dragenter', data);
    raise('dragleave', data, document.body);
    expect(hovers).toEqual([true]);
    raise('dragleave', data);
    expect(hovers).toEqual([true, false]);
  });

  test('a drop ends the hovering', () => {
    watch();
    raise('dragenter', dragged([fileItem]));
    raise('drop', dragged([fileItem]));
    expect(hovers).toEqual([true, false]);
  });

  test('ends with its signal', () => {
    watch();
    watching.abort();
    expect(raise('drop', dragged([fileItem])).defaultPrevented).toBe(false);
    expect(drops).toEqual([]);
  });
});

test('refuseDrops turns files away without leaving the page', () => {
  refuseDrops(document, watching.signal);
  const data = dragged([fileItem]);
  data.dropEffect = 'copy';
  expect(raise('dragover', data).defaultPrevented).toBe(true);
  expect(data.dropEffect).toBe('none');
  expect(raise('drop', data).defaultPrevented).toBe(true);
  const getAsFile = vi.fn<() => File | null>();
  raise('drop', dragged([{ kind: 'file', getAsFile }]));
  expect(getAsFile).not.toHaveBeenCalled();
});
