import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { emptyNumberSet, fullNumberSet, hasNumber, withNumbers } from '../share/number-set.ts';
import { type FileRow, buildFileTree, countSelected } from './file-tree.ts';
import { SAMPLE_FOLDERS, sampleFile } from './sample-states.ts';

/** Rows as text, two spaces for each level. */
function drawn(rows: readonly FileRow[]): string[] {
  return rows.map((row) => '  '.repeat(row.depth) + row.name);
}

describe('buildFileTree', () => {
  test('lists files under their folders, in the order in which they come', () => {
    expect(drawn(buildFileTree(SAMPLE_FOLDERS).rows)).toEqual([
      'trip/',
      '  day 1/',
      '    ridge.mov',
      '    camp.jpg',
      '  day 2/',
      '    lake.jpg',
      '    sketches/',
      '  map.pdf',
      'read me.txt',
    ]);
  });

  test('brings the files of a folder together wherever they stand', () => {
    const files = ['a/1', 'b/1', 'a/2'].map((name) => sampleFile(name));
    const { rows, order } = buildFileTree(files);
    expect(drawn(rows)).toEqual(['a/', '  1', '  2', 'b/', '  1']);
    expect(order).toEqual([0, 2, 1]);
  });

  test('lists only what is to be shown, without folders that hold none of it', () => {
    const shown = withNumbers(emptyNumberSet(6), [3, 5]);
    expect(drawn(buildFileTree(SAMPLE_FOLDERS, shown).rows)).toEqual([
      'trip/',
      '  day 2/',
      '    sketches/',
      'read me.txt',
    ]);
  });

  test('gives no rows to folders beyond a depth, however deep a path claims to be', () => {
    const { rows } = buildFileTree([sampleFile(`${'a/'.repeat(2_000)}x`)]);
    expect(rows).toHaveLength(13);
    expect(rows.at(-1)?.name).toBe(`${'a/'.repeat(1_988)}x`);
  });

  test('takes any paths: each file has one row, whose folder and name are its path', () => {
    const path = fc
      .array(fc.constantFrom('a', 'b', '', '.', '..', '__proto__'), { minLength: 1, maxLength: 16 })
      .map((names) => names.join('/'));
    fc.assert(
      fc.property(fc.array(path, { maxLength: 40 }), (paths) => {
        const { rows, order } = buildFileTree(paths.map((name) => sampleFile(name)));
        const files = rows.filter((row) => row.type === 'file');
        expect(files.map(({ file }) => file)).toEqual(order);
        expect(order.toSorted((a, b) => a - b)).toEqual(paths.map((_, index) => index));
        for (const row of files) expect(row.folder + row.name).toBe(paths[row.file]);
        for (const row of rows) {
          if (row.type === 'file') continue;
          const below = order.slice(row.start, row.end).map((file) => paths[file]);
          expect(below.length).toBeGreaterThan(0);
          for (const name of below) expect(name?.startsWith(row.path)).toBe(true);
        }
      }),
    );
  });
});

test('the selected files of a folder are a difference of two counts', () => {
  const tree = buildFileTree(SAMPLE_FOLDERS);
  const selected = withNumbers(fullNumberSet(6), [0, 3], false);
  const counts = countSelected(tree.order, selected);
  for (const row of tree.rows) {
    if (row.type === 'file') continue;
    const below = tree.order.slice(row.start, row.end);
    const expected = below.filter((file) => hasNumber(selected, file)).length;
    expect((counts[row.end] ?? 0) - (counts[row.start] ?? 0)).toBe(expected);
  }
});
