// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Drop, readDrop, refuseDrops, watchDrops } from './drop-target.ts';

const FILE = new File(['x'], 'x.txt');

interface Item {
  readonly kind: string;
  readonly getAsFile: () => File | null;
  readonly webkitGetAsEntry?: () => { readonly isDirectory: boolean } | null;
}

function dragged(items: readonly Item[], types: readonly string[] = ['Files']) {
  return { items, types, dropEffect: 'none' };
}

const fileItem = { kind: 'file', getAsFile: () => FILE };
const entryItem = { ...fileItem, webkitGetAsEntry: () => ({ isDirectory: false }) };
const folderItem = { ...fileItem, webkitGetAsEntry: () => ({ isDirectory: true }) };
const textItem = { kind: 'string', getAsFile: () => null };

describe('readDrop', () => {
  test('finds the files and leaves text out', () => {
    expect(readDrop(dragged([textItem, entryItem]))).toEqual({ files: [FILE], folderCount: 0 });
  });

  test('counts folders apart, though the browser shows them as files', () => {
    expect(readDrop(dragged([folderItem, entryItem, folderItem]))).toEqual({
      files: [FILE],
      folderCount: 2,
    });
  });

  test('takes files where the browser does not tell files from folders', () => {
    const noEntry = { ...fileItem, webkitGetAsEntry: () => null };
    expect(readDrop(dragged([fileItem, noEntry])).files).toEqual([FILE, FILE]);
  });
});

let watching = new AbortController();
let drops: Drop[] = [];
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
    const data = dragged([entryItem]);
    expect(raise('dragover', data).defaultPrevented).toBe(true);
    expect(data.dropEffect).toBe('copy');
    expect(raise('drop', data).defaultPrevented).toBe(true);
    expect(drops).toEqual([{ files: [FILE], folderCount: 0 }]);
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
    const data = dragged([entryItem]);
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
    raise('dragenter', dragged([entryItem]));
    raise('drop', dragged([entryItem]));
    expect(hovers).toEqual([true, false]);
  });

  test('ends with its signal', () => {
    watch();
    watching.abort();
    expect(raise('drop', dragged([entryItem])).defaultPrevented).toBe(false);
    expect(drops).toEqual([]);
  });
});

test('refuseDrops turns files away without leaving the page', () => {
  refuseDrops(document, watching.signal);
  const data = dragged([entryItem]);
  data.dropEffect = 'copy';
  expect(raise('dragover', data).defaultPrevented).toBe(true);
  expect(data.dropEffect).toBe('none');
  expect(raise('drop', data).defaultPrevented).toBe(true);
  const getAsFile = vi.fn<() => File | null>();
  raise('drop', dragged([{ kind: 'file', getAsFile }]));
  expect(getAsFile).not.toHaveBeenCalled();
});
