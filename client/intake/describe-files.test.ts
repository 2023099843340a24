import { describe, expect, it } from 'vitest';
import { type ChosenEntry, MAX_FILES, describeChosen } from '../share/manifest.ts';
import { describeFiles } from './describe-files.ts';

const chosenOf = (count: number): ChosenEntry[] =>
  Array.from({ length: count }, (_, index) => ({
    path: `folder/${index}`,
    file: new File(['x'.repeat(index % 7)], String(index), { lastModified: index }),
  }));

describe('describeFiles', () => {
  it('says of every file what a manifest does, in the same order', async () => {
    const chosen: ChosenEntry[] = [...chosenOf(450), { path: 'empty/', file: null }];
    const described = await describeFiles(chosen, () => {}, new AbortController().signal);
    expect(described.map((one) => one.described)).toEqual(chosen.map((one) => describeChosen(one)));
    expect(described.map(({ file }) => file)).toEqual(chosen.map(({ file }) => file));
  });

  it('counts as it goes, and lets other work through meanwhile', async () => {
    const counts: number[] = [];
    let others = 0;
    const done = describeFiles(
      chosenOf(450),
      (count) => counts.push(count),
      new AbortController().signal,
    );
    setTimeout(() => (others = counts.length));
    await done;
    expect(counts).toEqual([200, 400, 450]);
    expect(others).toBeLessThan(3);
  });

  it('ends where it is told to', async () => {
    const stop = new AbortController();
    const work = describeFiles(chosenOf(450), () => stop.abort(), stop.signal);
    await expect(work).rejects.toBe(stop.signal.reason);
  });

  it('does not look at more files than a share can hold', async () => {
    const many = Array.from({ length: MAX_FILES + 1 }, () => ({ path: 'a/', file: null }));
    const described = await describeFiles(many, () => {}, new AbortController().signal);
    expect(described[0]?.described).toBeUndefined();
  });
});
