import { OnehopError } from '../errors/onehop-error.ts';
import { type NumberSet, decodeNumberSet, hasNumber, isSubset } from '../share/number-set.ts';
import type { ControlMessage } from './control-message.ts';
import type { ShareRoot } from './fetcher-state.ts';

/** The root hash that a source owes of the files that were selected, as it comes, and comes again over fewer files. */
export class AwaitedRoot {
  readonly #selected: NumberSet;
  readonly #withdrawn = new Set<number>();
  #root: ShareRoot | null = null;

  constructor(selected: NumberSet) {
    this.#selected = selected;
  }

  /** Whether it is still to come: one over files that were given up since is none yet. */
  get owed(): boolean {
    const root = this.#root;
    return root === null || [...this.#withdrawn].some((file) => hasNumber(root.files, file));
  }

  /** These files are not wanted any more. */
  withdraw(files: readonly number[]): void {
    for (const file of files) this.#withdrawn.add(file);
  }

  /** It will be told anew. */
  forget(): void {
    this.#root = null;
  }

  /**
   * Takes it. It comes again where a file had to be given up after it; the channel may bring the later one first.
   * @returns null where a later one is here already
   * @throws {OnehopError} `message-malformed` or `message-unexpected`
   */
  accept(message: Extract<ControlMessage, { type: 'root' }>): ShareRoot | null {
    const before = this.#root?.files ?? null;
    const files = decodeNumberSet(message.files, this.#selected.size);
    if (files === null) throw new OnehopError('message-malformed');
    if (!isSubset(files, this.#selected)) throw new OnehopError('message-unexpected');
    if (before !== null) {
      if (isSubset(before, files) && files.count > before.count) return null;
      const smaller = isSubset(files, before) && files.count < before.count;
      if (!smaller) throw new OnehopError('message-unexpected');
    }
    this.#root = { root: message.root, files };
    return this.#root;
  }
}
