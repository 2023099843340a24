import type { Comparison, FinishedRun } from '../compare/comparison.ts';
import { finishedRuns } from '../compare/finished-runs.ts';
import { METHOD_NAMES, timeWords } from '../compare/method-words.ts';
import { type MethodRow, summarize } from '../compare/summary.ts';
import { runWords } from './compare-words.ts';
import { formatBytes, formatCount } from './format.ts';

/** What is known of a factor, and how. */
export interface Measured {
  readonly source: 'measured here' | 'measured in the bench' | 'not measured yet';
  readonly words: string;
}

/** What a comparison measured of the factors that need no formula. */
export interface TextbookNumbers {
  readonly structure: Measured;
  readonly roles: Measured;
  readonly control: Measured;
  readonly kept: Measured;
  readonly stability: Measured;
  readonly interrupted: Measured;
  readonly security: Measured;
}

const notYet = (words: string): Measured => ({ source: 'not measured yet', words });

/** What a comparison measured, factor by factor. */
export function textbookNumbers(comparison: Comparison): TextbookNumbers {
  const { runs, hellos } = comparison;
  const rows = summarize(comparison).methods.filter(({ finished }) => finished > 0);
  const failed = runs.filter(({ outcome }) => outcome.type === 'failed').length;
  const asked = hellos.reduce((sum, { roundTripsMs }) => sum + roundTripsMs.length, 0);
  return {
    structure: structureOf(comparison),
    roles:
      asked === 0
        ? notYet('How often each side asked and was answered.')
        : here(
            `${formatCount(asked)} Hellos were asked and answered, of which ${answeredByPeer(comparison)} by the other page itself.`,
          ),
    control: inBench(ENDED_WORDS),
    kept: serverBytes(rows, 'Bytes of each run in and out of the server'),
    stability:
      runs.length === 0
        ? notYet('How many runs fail.')
        : here(`${formatCount(failed)} of ${runWords(runs.length)} failed.`),
    interrupted: inBench(INTERRUPTED_WORDS),
    security: serverBytes(rows, 'Sealed bytes that the server had in its hands'),
  };
}

/** What `npm run bench:endings` found, with 64 MiB between two browsers of one machine: see bench/README.md. */
const ENDED_WORDS =
  'Two browsers of one machine, in the middle of 64 MiB: after Stop sharing, the receiver’s page had ended within 0.3 s by Direct, 0.6 s by Stored ' +
  'and 0.5 s by Streamed. bench/README.md has the command.';
const INTERRUPTED_WORDS =
  'The same: with the server killed, Direct was finished all the same; Stored and Streamed stood still for the 30 s that it was away, and were finished ' +
  '18 and 21 s after it was back. With the sender’s page closed, Direct ended; Stored was finished.';

function inBench(words: string): Measured {
  return { source: 'measured in the bench', words };
}

function here(words: string): Measured {
  return { source: 'measured here', words };
}

/** How the lanes of the direct runs went. */
function structureOf(comparison: Comparison): Measured {
  const direct = finishedRuns(comparison).find(({ method }) => method === 'direct');
  const run = direct?.runs.find(({ path }) => path !== null) ?? direct?.runs[0];
  if (run === undefined) return notYet('How a direct transfer goes between you two.');
  const lanes = run.lanes === 1 ? '1 connection' : `${formatCount(run.lanes)} connections`;
  const trip = run.roundTripMs === null ? '' : `, ${timeWords(run.roundTripMs)} there and back`;
  return here(`Direct: ${lanes}${pathWords(run)}${trip}.`);
}

function pathWords({ path }: FinishedRun): string {
  if (path === null) return '';
  return path === 'local-network' ? ' within your local network' : ' straight across';
}

function answeredByPeer({ hellos }: Comparison): string {
  const peers = hellos.filter(({ way }) => way !== 'server');
  return formatCount(peers.reduce((sum, { roundTripsMs }) => sum + roundTripsMs.length, 0));
}

function serverBytes(rows: readonly MethodRow[], what: string): Measured {
  if (rows.length === 0) return notYet(`${what}.`);
  const each = rows.map(({ method, serverBytes }) => {
    const bytes = serverBytes ?? 0;
    return `${METHOD_NAMES[method]} ${bytes === 0 ? 'none' : formatBytes(bytes)}`;
  });
  return here(`${what}: ${each.join(', ')}.`);
}
