import type { NumberSet } from '../share/number-set.ts';
import type { ReadLog, Watch } from './read-log.ts';

/** A wait for the root hash of some files. */
export interface RootWatch {
  /** bytes read of these files since `wantRest` */
  readonly restBytesRead: number;
  /** Has the pieces of these files read that nobody asks for. */
  wantRest(): void;
  /** Ends it: nothing more is told. */
  close(): void;
}

type OnRoot = (root: string, files: NumberSet) => void;

interface Wait {
  readonly watch: Watch;
  readonly onRoot: OnRoot;
  /** the files whose root hash is told, or is being made */
  told: NumberSet | null;
  /** what was unread when the rest was wanted; null while it is not */
  restBytes: number | null;
}

/** The root hashes that lanes wait for, each over the files that its receiver takes. */
export class SelectionRoots {
  readonly #log: ReadLog;
  readonly #rootOf: (files: NumberSet) => Promise<string>;
  readonly #waits = new Set<Wait>();

  /** @param rootOf the root hash of files whose every piece was read */
  constructor(log: ReadLog, rootOf: (files: NumberSet) => Promise<string>) {
    this.#log = log;
    this.#rootOf = rootOf;
  }

  /** Tells the root hash of these files once `log` has every piece of them, and again when one of them fails later. */
  watch(files: NumberSet, onRoot: OnRoot, onRestWanted: () => void): RootWatch {
    const watch = this.#log.watch(files);
    const wait: Wait = { watch, onRoot, told: null, restBytes: null };
    this.#waits.add(wait);
    void this.#settle(wait);
    return {
      get restBytesRead() {
        return Math.max(0, (wait.restBytes ?? 0) - watch.unreadBytes);
      },
      wantRest: () => {
        wait.restBytes ??= watch.unreadBytes;
        onRestWanted();
      },
      close: () => {
        this.#waits.delete(wait);
        this.#log.unwatch(watch);
      },
    };
  }

  /** Looks whether a root hash can be told. */
  settle(): void {
    for (const wait of this.#waits) void this.#settle(wait);
  }

  /** The next pieces that are to be read although nobody asks for them. */
  takeRest(most: { readonly pieces: number; readonly bytes: number }): number[] {
    // The shortest first: one that waits behind terabytes of another would be given up meanwhile, again and again.
    const waits = [...this.#waits].toSorted(
      (one, other) => one.watch.unreadBytes - other.watch.unreadBytes,
    );
    for (const { watch, restBytes } of waits) {
      const pieces = restBytes === null ? [] : this.#log.takeUnread(watch, most);
      if (pieces.length > 0) return pieces;
    }
    return [];
  }

  async #settle(wait: Wait): Promise<void> {
    const { files, unreadPieces } = wait.watch;
    if (unreadPieces > 0 || wait.told === files) return;
    wait.told = files;
    const root = await this.#rootOf(files);
    if (wait.told === files && this.#waits.has(wait)) wait.onRoot(root, files);
  }
}
