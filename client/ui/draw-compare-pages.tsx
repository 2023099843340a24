import { type Signal, signal } from '@preact/signals';
import { act } from 'preact/test-utils';
import { vi } from 'vitest';
import type {
  CompareOffer,
  GuestActions,
  GuestState,
  HostActions,
  HostState,
} from '../compare/compare-state.ts';
import type { Comparison } from '../compare/comparison.ts';
import { CompareGuestPage } from './compare-guest-page.tsx';
import { ComparePage } from './compare-page.tsx';
import type { HistoryActions } from './comparison-history.tsx';
import { DrawnPage } from './drawn-page.ts';
import { sampleNotice } from './sample-actions.ts';

let drawn: DrawnPage | null = null;

/** For tests: ends what was drawn last. */
export async function eraseComparePage(): Promise<void> {
  await drawn?.erase();
  drawn = null;
}

interface HostSurroundings {
  readonly offer?: CompareOffer;
  readonly files?: readonly File[];
  readonly history?: readonly Comparison[];
}

/** For tests: the page of who compares in a state, its actions heard. */
export async function drawComparePage(
  initial: HostState,
  { offer = { uploads: true, relay: true }, files = [], history = [] }: HostSurroundings = {},
) {
  const state: Signal<HostState> = signal(initial);
  const signals = { offer: signal(offer), files: signal(files), history: signal(history) };
  const actions = {
    compare: vi.fn<HostActions['compare']>(),
    stop: vi.fn<HostActions['stop']>(),
    say: vi.fn<HostActions['say']>(),
    again: vi.fn<HostActions['again']>(),
  };
  const historyActions = {
    remove: vi.fn<HistoryActions['remove']>(),
    export: vi.fn<HistoryActions['export']>(),
  };
  const notice = sampleNotice(true);
  const props = { state, actions, historyActions, notice, ...signals };
  const page = await DrawnPage.draw(<ComparePage {...props} />);
  drawn = page;
  return { page, state, actions, historyActions, notice, ...signals };
}

/** For tests: the page of who takes part in a state, its actions heard. */
export async function drawCompareGuestPage(initial: GuestState) {
  const state: Signal<GuestState> = signal(initial);
  const actions = {
    takePart: vi.fn<GuestActions['takePart']>(),
    decline: vi.fn<GuestActions['decline']>(),
    stop: vi.fn<GuestActions['stop']>(),
    say: vi.fn<GuestActions['say']>(),
  };
  const page = await DrawnPage.draw(<CompareGuestPage state={state} actions={actions} />);
  drawn = page;
  return { page, state, actions };
}

/** For tests: types into a text box, or changes another field. */
export async function type(field: HTMLElement, value: string): Promise<void> {
  await act(() => {
    Object.assign(field, { value });
    field.dispatchEvent(new Event('input', { bubbles: true }));
    field.dispatchEvent(new Event('change', { bubbles: true }));
  });
}

/** For tests: chooses files in a file input. */
export async function choose(input: HTMLElement, files: readonly File[]): Promise<void> {
  Object.defineProperty(input, 'files', { value: files, configurable: true });
  await act(() => void input.dispatchEvent(new Event('change', { bubbles: true })));
}
