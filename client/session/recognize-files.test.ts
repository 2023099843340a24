import { describe, expect, it } from 'vitest';
import {
  type ChosenEntry,
  type Manifest,
  buildManifest,
  describeChosen,
} from '../share/manifest.ts';
import { recognizeFiles, recognizeNothing } from './recognize-files.ts';

const chosen = (path: string, content = path, lastModified = 1): ChosenEntry => ({
  path,
  file: new File([content], path.slice(path.lastIndexOf('/') + 1), { lastModified }),
});
const folder = (path: string): ChosenEntry => ({ path, file: null });

function manifestOf(...entries: readonly ChosenEntry[]): Manifest {
  const manifest = buildManifest(entries.map((entry) => describeChosen(entry)));
  if (manifest === null) throw new Error('within the limits');
  return manifest;
}

const shared = [chosen('a/one'), chosen('a/two'), folder('a/empty/'), chosen('three')];
const manifest = manifestOf(...shared);
const recognize = (...again: readonly ChosenEntry[]) =>
  recognizeFiles(manifest, recognizeNothing(manifest), again);
const found = ({ files }: ReturnType<typeof recognize>) => files.map((file) => file?.name ?? null);

describe('the files of an interrupted share', () => {
  it('are recognised in whatever order they are chosen again; an empty folder need not be', () => {
    const all = recognize(chosen('three'), chosen('a/two'), chosen('a/one'), chosen('other'));
    expect(found(all)).toEqual(['one', 'two', null, 'three']);
    expect(all).toMatchObject({ failures: [], unrecognized: [] });
  });

  it('are recognised by name, size and date where they are chosen without their folders', () => {
    const plain = recognize(
      chosen('one', 'a/one'),
      chosen('two', 'a/two'),
      chosen('x/three', 'three'),
    );
    expect(found(plain)).toEqual(['one', 'two', null, 'three']);
  });

  it('are named where they are missing or changed', () => {
    const some = recognize(chosen('a/one', 'longer than before'), chosen('a/two', 'a/two', 2));
    expect(found(some)).toEqual([null, null, null, null]);
    expect(some.unrecognized).toEqual([
      { name: 'a/one', problem: 'changed' },
      { name: 'a/two', problem: 'changed' },
      { name: 'three', problem: 'missing' },
    ]);
    expect(some.failures).toEqual([
      { file: 0, reason: 'source-changed' },
      { file: 1, reason: 'source-changed' },
      { file: 3, reason: 'source-unreadable' },
    ]);
  });

  it('may be chosen a few at a time', () => {
    const first = recognizeFiles(manifest, recognize(chosen('a/one')), [chosen('three')]);
    expect(first.unrecognized).toEqual([{ name: 'a/two', problem: 'missing' }]);
    const changed = recognizeFiles(manifest, first, [chosen('a/two', 'another')]);
    expect(changed.unrecognized).toEqual([{ name: 'a/two', problem: 'changed' }]);
    const all = recognizeFiles(manifest, changed, [chosen('a/two')]);
    expect(found(all)).toEqual(['one', 'two', null, 'three']);
  });

  it('with one name in several folders are told apart by path, and by size where that is lost', () => {
    const twins = manifestOf(chosen('a/x', '1'), chosen('b/x', '22'));
    const recognition = (...again: readonly ChosenEntry[]) =>
      recognizeFiles(twins, recognizeNothing(twins), again).files.map((file) => file?.size);
    expect(recognition(chosen('b/x', '22'), chosen('a/x', '1'))).toEqual([1, 2]);
    expect(recognition(chosen('x', '22'), chosen('x', '1'))).toEqual([1, 2]);
  });

  it('are not guessed where two could be meant, unless they are empty', () => {
    const twins = manifestOf(chosen('a/x', '1'), chosen('b/x', '2'), chosen('c', ''));
    const recognition = (...again: readonly ChosenEntry[]) =>
      recognizeFiles(twins, recognizeNothing(twins), again);
    expect(found(recognition(chosen('x', '1'), chosen('x', '2'), chosen('y/c', '')))).toEqual([
      null,
      null,
      'c',
    ]);
    const one = recognition(chosen('x', '1'));
    expect(one.unrecognized.map(({ name }) => name)).toEqual(['a/x', 'b/x', 'c']);
    expect(found(recognition(chosen('b/x', '2'), chosen('a/x', '1')))).toEqual(['x', 'x', null]);
  });
});
