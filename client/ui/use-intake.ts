import { type ReadonlySignal, type Signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { watchDrops } from '../intake/drop-target.ts';
import { watchPastes } from '../intake/paste.ts';
import type { SendActions, SendState } from '../session/send-state.ts';

/** What the page says about files that it did not take. */
export type IntakeNote = 'folders-left-out' | 'already-sharing';

/** What the sending page shows of drops and pastes. */
export interface Intake {
  /** whether files are being dragged over a page that would take them */
  readonly hovering: ReadonlySignal<boolean>;
  readonly note: ReadonlySignal<IntakeNote | null>;
  /** shares files, however they came */
  readonly take: (files: readonly File[]) => void;
}

/** Takes files that are dropped anywhere on the page or pasted into it, and shares them. */
export function useIntake(state: ReadonlySignal<SendState>, actions: SendActions): Intake {
  const hovering = useSignal(false);
  const note = useSignal<IntakeNote | null>(null);
  const take = (files: readonly File[]) => takeFiles(files, state, actions, note);

  useEffect(() => {
    const watching = new AbortController();
    watchDrops(
      document,
      ({ files, folderCount }) => {
        takeFiles(files, state, actions, note);
        if (folderCount > 0) note.value ??= 'folders-left-out';
      },
      (over) => {
        hovering.value = over && takesFiles(state.peek());
      },
      watching.signal,
    );
    watchPastes(
      document,
      (files) => takeFiles(files, state, actions, note),
      () => new Date(),
      watching.signal,
    );
    return () => watching.abort();
  }, [state, actions]);

  return { hovering, note, take };
}

function takeFiles(
  files: readonly File[],
  state: ReadonlySignal<SendState>,
  actions: SendActions,
  note: Signal<IntakeNote | null>,
): void {
  const refused = files.length > 0 && !takesFiles(state.peek());
  note.value = refused ? 'already-sharing' : null;
  if (files.length > 0 && !refused) actions.share(files);
}

function takesFiles(state: SendState): boolean {
  return state.type === 'idle' || state.type === 'failed' || state.type === 'cancelled';
}
