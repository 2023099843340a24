import { describe, expect, it } from 'vitest';
import { encodeNumberSet, fullNumberSet, withNumbers } from '../share/number-set.ts';
import { AwaitedRoot } from './awaited-root.ts';

const root = 'A'.repeat(43);
const all = fullNumberSet(3);
const without = (...files: readonly number[]) => withNumbers(all, files, false);
const told = (files = all) => ({ type: 'root', root, files: encodeNumberSet(files) }) as const;

describe('the root hash that a source owes', () => {
  it('[EN1] is owed until it comes, and again once a file that it is over is given up', () => {
    const awaited = new AwaitedRoot(all);
    expect(awaited.owed).toBe(true);
    expect(awaited.accept(told())?.files.count).toBe(3);
    expect(awaited.owed).toBe(false);
    awaited.withdraw([1]);
    expect(awaited.owed).toBe(true);
    awaited.accept(told(without(1)));
    expect(awaited.owed).toBe(false);
  });

  it('[EN1] comes again only over fewer files, and one that was overtaken says nothing', () => {
    const awaited = new AwaitedRoot(all);
    awaited.accept(told(without(1)));
    expect(awaited.accept(told())).toBeNull();
    expect(() => awaited.accept(told(without(1)))).toThrow('message-unexpected');
    expect(() => awaited.accept(told(without(2)))).toThrow('message-unexpected');
    expect(awaited.accept(told(without(1, 2)))?.files.count).toBe(1);
  });

  it('[LN3] may come once more over the same files when it is told anew on another lane', () => {
    const awaited = new AwaitedRoot(all);
    awaited.accept(told());
    awaited.forget();
    expect(awaited.owed).toBe(true);
    expect(awaited.accept(told())?.root).toBe(root);
  });

  it('[EN1] is refused over files that were not selected, or do not exist', () => {
    const awaited = new AwaitedRoot(without(2));
    expect(() => awaited.accept(told())).toThrow('message-unexpected');
    expect(() => awaited.accept({ type: 'root', root, files: '_w' })).toThrow('message-malformed');
  });
});
