import { type ReadonlySignal, type Signal, useSignal } from '@preact/signals';
import { useLayoutEffect, useMemo } from 'preact/hooks';
import { watchDrops } from '../intake/drop-target.ts';
import type { Dropped } from '../intake/dropped.ts';
import { watchPastes } from '../intake/paste.ts';
import { describeFiles } from '../intake/describe-files.ts';
import { type Walked, walkFolders } from '../intake/walk-folders.ts';
import type { SendActions, SendState } from '../session/send-state.ts';
import type { ChosenEntry } from '../share/manifest.ts';

/** Of so many, sizes and dates are known at once. */
const FEW_FILES = 500;

/** What the page says about files that it did not take. */
export type IntakeNote =
  | { readonly type: 'already-sharing' | 'still-reading' }
  | { readonly type: 'unreadable'; readonly paths: readonly string[] };

/** What the sending page shows of drops and pastes. */
export interface Intake {
  /** whether files are being dragged over a page that would take them */
  readonly hovering: ReadonlySignal<boolean>;
  readonly note: ReadonlySignal<IntakeNote | null>;
  /** while folders, or very many files, are read: how many files and empty folders were found so far; else null */
  readonly reading: ReadonlySignal<number | null>;
  /** shares what was chosen */
  readonly take: (chosen: readonly ChosenEntry[]) => void;
  /** ends the reading; nothing is shared */
  readonly stopReading: () => void;
}

/** Takes what is dropped anywhere on the page or pasted into it, and shares it. */
export function useIntake(state: ReadonlySignal<SendState>, actions: SendActions): Intake {
  const hovering = useSignal(false);
  const note = useSignal<IntakeNote | null>(null);
  const reading = useSignal<number | null>(null);
  const taker = useMemo(() => new Taker(state, actions, note, reading), [state, actions]);

  // Before the page is painted: what is dropped or pasted as soon as it can be seen counts.
  useLayoutEffect(() => {
    const watching = new AbortController();
    watchDrops(
      document,
      (dropped) => void taker.takeDropped(dropped),
      (over) => {
        hovering.value = over && taker.isOpen;
      },
      watching.signal,
    );
    watchPastes(
      document,
      (pasted) => void taker.takeDropped(pasted),
      () => new Date(),
      watching.signal,
    );
    return () => {
      watching.abort();
      taker.stop();
    };
  }, [taker]);

  return {
    hovering,
    note,
    reading,
    take: (chosen) => void taker.take(chosen),
    stopReading: () => taker.stop(),
  };
}

class Taker {
  readonly #state: ReadonlySignal<SendState>;
  readonly #actions: SendActions;
  readonly #note: Signal<IntakeNote | null>;
  readonly #reading: Signal<number | null>;
  #walking = new AbortController();

  constructor(
    state: ReadonlySignal<SendState>,
    actions: SendActions,
    note: Signal<IntakeNote | null>,
    reading: Signal<number | null>,
  ) {
    this.#state = state;
    this.#actions = actions;
    this.#note = note;
    this.#reading = reading;
  }

  /** Whether the page takes files now. */
  get isOpen(): boolean {
    return this.#refusal === null;
  }

  get #refusal(): IntakeNote | null {
    if (this.#reading.peek() !== null) return { type: 'still-reading' };
    return takesFiles(this.#state.peek()) ? null : { type: 'already-sharing' };
  }

  async take(chosen: readonly ChosenEntry[]): Promise<void> {
    if (chosen.length <= FEW_FILES) {
      this.#share(chosen, []);
      return;
    }
    await this.#read(async (onCount, signal) => ({
      entries: await describeFiles(chosen, onCount, signal),
      unreadable: [],
    }));
  }

  async takeDropped(dropped: readonly Dropped[]): Promise<void> {
    if (dropped.every((item) => item.type === 'file')) {
      await this.take(dropped.map(({ file }) => ({ path: file.name, file })));
      return;
    }
    await this.#read(async (onCount, signal) => {
      const { entries, unreadable } = await walkFolders(dropped, onCount, signal);
      return { entries: await describeFiles(entries, () => {}, signal), unreadable };
    });
  }

  /** Ends the reading that is under way. */
  stop(): void {
    this.#walking.abort();
  }

  #share(chosen: readonly ChosenEntry[], unreadable: readonly string[]): void {
    const refusal = chosen.length === 0 ? null : this.#refusal;
    const leftOut = unreadable.length === 0 ? null : unreadableNote(unreadable);
    this.#note.value = refusal ?? leftOut;
    if (chosen.length > 0 && refusal === null) this.#actions.share(chosen);
  }

  /** Shares what takes a while to be read, unless that is stopped. */
  async #read(
    work: (onCount: (count: number) => void, signal: AbortSignal) => Promise<Walked>,
  ): Promise<void> {
    this.#note.value = this.#refusal;
    if (!this.isOpen) return;
    const walking = new AbortController();
    this.#walking = walking;
    this.#reading.value = 0;
    const onCount = (count: number) => {
      this.#reading.value = count;
    };
    let read: Walked | null = null;
    try {
      read = await work(onCount, walking.signal);
    } catch (error) {
      if (!walking.signal.aborted) throw error;
    } finally {
      this.#reading.value = null;
    }
    if (read !== null) this.#share(read.entries, read.unreadable);
  }
}

function unreadableNote(paths: readonly string[]): IntakeNote {
  return { type: 'unreadable', paths };
}

function takesFiles({ type }: SendState): boolean {
  return type === 'idle' || type === 'interrupted' || type === 'failed' || type === 'cancelled';
}
