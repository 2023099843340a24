import { type ReadonlySignal, type Signal, useComputed, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { CompareOffer, CompareWish } from '../compare/compare-state.ts';
import {
  COMPARE_METHODS,
  type CompareMethod,
  DEFAULT_ROUNDS,
  MAX_ROUNDS,
  MIN_ROUNDS,
} from '../compare/comparison.ts';
import { whySkipped } from '../compare/why-skipped.ts';

/** What is chosen for the next comparison. It outlives the form, which goes away while one runs. */
export interface CompareSettings {
  readonly subject: Signal<'generated' | 'files'>;
  readonly bytes: Signal<number>;
  readonly files: Signal<readonly File[]>;
  /** ways that the user does not want */
  readonly unwanted: Signal<ReadonlySet<CompareMethod>>;
  /** as typed */
  readonly rounds: Signal<string>;
  /** what is to be compared; where something is missing, what that is */
  readonly wish: ReadonlySignal<CompareWish | WhatIsMissing>;
}

/** What has to be chosen before a comparison can begin. */
export type WhatIsMissing = 'files' | 'bytes' | 'methods' | 'rounds';

const DEFAULT_BYTES = 50_000_000;

/** @param files those that were chosen before this page was opened */
export function useCompareSettings(
  offer: ReadonlySignal<CompareOffer>,
  files: ReadonlySignal<readonly File[]>,
): CompareSettings {
  const subject = useSignal<'generated' | 'files'>('generated');
  const bytes = useSignal(DEFAULT_BYTES);
  const chosen = useSignal<readonly File[]>([]);
  const unwanted = useSignal<ReadonlySet<CompareMethod>>(new Set());
  const rounds = useSignal(String(DEFAULT_ROUNDS));
  const given = files.value;
  useEffect(() => {
    if (given.length === 0) return;
    chosen.value = given;
    subject.value = 'files';
  }, [given]);
  const wish = useComputed((): CompareWish | WhatIsMissing => {
    // Those that cannot be tried here are wished for as well: the result then says why they were not.
    const methods = COMPARE_METHODS.filter((method) => !unwanted.value.has(method));
    const count = Number(rounds.value);
    if (subject.value === 'files' && chosen.value.length === 0) return 'files';
    if (subject.value === 'files' && sizeOf(chosen.value) === 0) return 'bytes';
    if (!methods.some((method) => whySkipped(method, offer.value) === null)) return 'methods';
    if (!Number.isInteger(count) || count < MIN_ROUNDS || count > MAX_ROUNDS) return 'rounds';
    const what =
      subject.value === 'files'
        ? ({ type: 'files', files: chosen.value } as const)
        : ({ type: 'generated', bytes: bytes.value } as const);
    return { subject: what, methods, rounds: count };
  });
  return { subject, bytes, files: chosen, unwanted, rounds, wish };
}

/** How many bytes one run of it moves. */
export function wishBytes({ subject }: CompareWish): number {
  return subject.type === 'files' ? sizeOf(subject.files) : subject.bytes;
}

function sizeOf(files: readonly File[]): number {
  return files.reduce((sum, { size }) => sum + size, 0);
}
