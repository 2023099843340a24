import type { CompareStep } from '../compare/compare-state.ts';
import type {
  CompareMethod,
  ComparePlan,
  Comparison,
  HelloWay,
  SkippedMethod,
} from '../compare/comparison.ts';
import { METHOD_NAMES, timeWords } from '../compare/method-words.ts';
import { ERROR_WORDS } from './error-words.ts';
import { formatBytes, formatCount, formatDuration, formatFileCount } from './format.ts';

/** What each method is, in a sentence. */
export const METHOD_SENTENCES: Readonly<Record<CompareMethod, string>> = {
  direct: 'One hop: straight from one browser to the other.',
  relayed: 'From browser to browser as well, but every packet passes a relay.',
  stored: 'Uploaded whole and sealed, kept by the server, then downloaded.',
  streamed: 'Through the server too, but downloaded while it is still uploaded.',
};

/** Why a method cannot be tried, as the end of a sentence or by itself. */
export const SKIP_WORDS: Readonly<Record<SkippedMethod['reason'], string>> = {
  'uploads-off': 'This server takes no files.',
  'no-relay': 'This server has no relay (TURN) set up.',
};

/** The ways of Hello, as rows of a table. */
export const HELLO_NAMES: Readonly<Record<HelloWay, string>> = {
  server: 'Hello to the server',
  'through-server': 'Hello through the server',
  peer: 'Hello peer to peer',
};

/** A time in milliseconds as long as a run takes: `120 ms`, `2.4 s`, `2 min 5 s`. */
export function runTime(ms: number): string {
  return ms < 120_000 ? timeWords(ms) : formatDuration(ms / 1000);
}

/** What is being done just now: `Round 2 of 3: Stored, uploading`. */
export function stepWords(step: CompareStep, rounds: number): string {
  switch (step.type) {
    case 'hello':
      return `Saying hello: ${HELLO_STEPS[step.way]}`;
    case 'probe':
      return 'Trying out each way';
    case 'run': {
      const round = `Round ${step.round + 1} of ${rounds}: ${METHOD_NAMES[step.method]}`;
      return `${round}${LEG_WORDS[step.leg]}`;
    }
  }
}

const HELLO_STEPS: Readonly<Record<HelloWay, string>> = {
  server: 'to the server',
  'through-server': 'through the server',
  peer: 'peer to peer',
};

const LEG_WORDS = { upload: ', uploading', download: ', downloading', whole: '' } as const;

/** What is sent: `50 MB of random bytes`, `3 files, 64 MB`. */
export function subjectWords({ type, bytes, files }: ComparePlan['subject']): string {
  return type === 'generated'
    ? `${formatBytes(bytes)} of random bytes`
    : `${formatFileCount(files)}, ${formatBytes(bytes)}`;
}

/** How often: `3 rounds`. */
export function roundWords(rounds: number): string {
  return rounds === 1 ? '1 round' : `${formatCount(rounds)} rounds`;
}

/** How many transfers: `12 runs`. */
export function runWords(runs: number): string {
  return runs === 1 ? '1 run' : `${formatCount(runs)} runs`;
}

/** How many runs were planned. */
export function plannedRuns({ methods, rounds }: ComparePlan): number {
  return methods.length * rounds;
}

/** Why a run failed. Reasons come from the other side as well, and from other versions: not all have words. */
export function failureWords(reason: string): string {
  return isKnown(reason) ? ERROR_WORDS[reason].title : `The run was broken off (${reason})`;
}

function isKnown(reason: string): reason is keyof typeof ERROR_WORDS {
  return Object.hasOwn(ERROR_WORDS, reason);
}

/** Whether fewer runs were finished than were planned, and why: null where all were. */
export function shortfallWords({ plan, runs, stopped }: Comparison): string | null {
  const planned = plannedRuns(plan);
  const finished = runs.filter(({ outcome }) => outcome.type === 'done').length;
  if (stopped) return `Stopped early: ${finished} of ${runWords(planned)} were finished.`;
  if (finished === planned) return null;
  return `${finished} of ${runWords(planned)} were finished; the table says why the others were not.`;
}
