import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeSafeName, makeSafePaths, nameKey } from './safe-names.ts';

const safe = (path: string) => makeSafePaths([path])[0];
const bytesIn = (text: string) => new TextEncoder().encode(text).length;

// prettier-ignore
const ODD_PARTS = [
  'a', 'A', 'a.txt', 'a (2)', '..', '.', '', 'C:', 'con', 'Aux.tar.gz', 'com¹', 'nul .x', 'é', 'e\u0301', 'ß', 'SS',
  '\u202egpj.exe', 'a\u200b', ' a', 'a. .', '\\..\\b', 'x.lnk', '\ud800', '\ufffe', '\u0000', '~', '-',
];

/** Parts that paths are broken with, among ordinary ones. */
const anyPart = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 300 }) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(...ODD_PARTS, 'n'.repeat(300), `${'ü'.repeat(200)}.jpeg`),
  },
);
const anyPath = fc
  .tuple(fc.array(anyPart, { minLength: 1, maxLength: 5 }), fc.boolean())
  .map(([parts, folder]) => parts.join('/') + (folder ? '/' : ''));

describe('safe names', () => {
  it('keeps ordinary paths as they are', () => {
    const paths = [
      'report.pdf',
      'photos/2024/Ärger im Büro.jpg',
      'photos/.hidden',
      '日本/名前',
      'e/',
    ];
    expect(makeSafePaths(paths)).toEqual(paths);
  });

  it.each([
    ['../../etc/passwd', 'etc/passwd'],
    ['/etc//./passwd', 'etc/passwd'],
    ['a/..', 'a'],
    ['..', 'file'],
    ['../', 'folder/'],
    ['C:\\Windows\\x', 'C__Windows_x'],
    ['C:/x', 'C_/x'],
    ['a<b>c:d"e|f?g*h\u0007i', 'a_b_c_d_e_f_g_h_i'],
    ['\u202egpj.exe\u2066\u200f\u061c', 'gpj.exe'],
    ['a\u200bb\ufeff\u00ad', 'ab'],
    ['👩‍👧.txt', '👩‍👧.txt'],
    ['CON', '_CON'],
    ['aux.tar.gz/x', '_aux.tar.gz/x'],
    ['com¹.txt', '_com¹.txt'],
    ['nul .x', '_nul .x'],
    ['console', 'console'],
    ['name. .', 'name'],
    ['  name', 'name'],
    ['...', '_'],
    ['e\u0301', 'é'],
    ['go.url', 'go.url.download'],
    ['\ud800', '_'],
  ])('makes of %j the path %j', (path, expected) => {
    expect(safe(path)).toBe(expected);
  });

  it('cuts a long name at a whole character and keeps its extension', () => {
    expect(safe(`${'😀'.repeat(100)}.jpeg`)).toBe(`${'😀'.repeat(62)}.jpeg`);
    expect(safe('n'.repeat(300))).toBe('n'.repeat(255));
    expect(makeSafePaths(['n'.repeat(300), 'n'.repeat(301)])[1]).toBe(`${'n'.repeat(251)} (2)`);
  });

  it('leaves out folders in the middle of a path that is too deep', () => {
    const path = safe(`${'d/'.repeat(2_000)}name.txt`) ?? '';
    expect(path.split('/')).toHaveLength(32);
    expect(path).toMatch(/^d\/d\/.*\/name\.txt$/u);
    expect(bytesIn(safe(`${`${'x'.repeat(255)}/`.repeat(16)}n`) ?? '')).toBeLessThan(1_000);
  });

  it('numbers names that are the same to some file system, before the extension', () => {
    expect(makeSafePaths(['a.txt', 'A.txt', 'a.TXT', 'a (2).txt', 'é', 'e\u0301'])).toEqual([
      'a.txt',
      'A (2).txt',
      'a (3).TXT',
      'a (2) (2).txt',
      'é',
      'é (2)',
    ]);
  });

  it('keeps a file apart from a folder of its name, and folders apart that differ', () => {
    expect(makeSafePaths(['x', 'x/a', 'X/a', 'x/b', 'x/'])).toEqual([
      'x',
      'x (2)/a',
      'X (3)/a',
      'x (2)/b',
      'x (2)/',
    ]);
  });

  it('gives other names beside what is there already, outermost only', () => {
    const there = new Set(['trip', 'trip (2)', 'a.txt'].map(nameKey));
    expect(makeSafePaths(['Trip/a.txt', 'Trip/b', 'A.txt'], (key) => there.has(key))).toEqual([
      'Trip (3)/a.txt',
      'Trip (3)/b',
      'A (2).txt',
    ]);
  });

  it('names a single file after the last part of its path', () => {
    expect(makeSafeName('photos/a?.jpg')).toBe('a_.jpg');
    expect(makeSafeName('../..')).toBe('file');
  });

  it('gives paths that every system takes, and no two the same, for whatever paths there are', () => {
    fc.assert(
      fc.property(fc.array(anyPath, { maxLength: 30 }), (paths) => {
        const made = makeSafePaths(paths);
        const files = made.filter((path) => !path.endsWith('/'));
        expect(new Set(files.map(nameKey)).size).toBe(files.length);
        const folders = new Set(
          made.flatMap((path) =>
            [...path.matchAll(/\//gu)].map(({ index }) => nameKey(path.slice(0, index))),
          ),
        );
        for (const [index, path] of made.entries()) {
          expect(path.endsWith('/')).toBe(paths[index]?.endsWith('/'));
          if (!path.endsWith('/')) expect(folders.has(nameKey(path))).toBe(false);
          for (const name of path.replace(/\/$/u, '').split('/')) {
            expect(name).not.toMatch(/^\.{0,2}$|[\p{Cc}\\<>:"|?*]|[\s.]$|^\s/u);
            expect(name).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\u200b]/u);
            expect(name).not.toMatch(/^(con|prn|aux|nul|(com|lpt)[0-9¹²³])\s*(\.|$)/iu);
            expect(name).toBe(name.normalize('NFC'));
            expect(bytesIn(name)).toBeLessThanOrEqual(255);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('names 100,000 files without trying every number for each', () => {
    const made = makeSafePaths(Array.from({ length: 100_000 }, () => 'folder/same.txt'));
    expect(made.at(-1)).toBe('folder/same (100000).txt');
  });
});
