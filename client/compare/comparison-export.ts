import * as v from 'valibot';
import {
  type Comparison,
  comparisonSchema,
  type FinishedRun,
  type Run,
  type RunSample,
} from './comparison.ts';
import { methodOf } from './finished-runs.ts';

const FORMAT = 'onehop-comparisons';
/** Raised with whatever makes older readers wrong. */
const EXPORT_VERSION = 1;

const jsonSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.strictObject({
    format: v.literal(FORMAT),
    version: v.literal(EXPORT_VERSION),
    comparisons: v.array(comparisonSchema),
  }),
);

/** Comparisons with all that was measured, as JSON: the same text for the same comparisons, wherever they come from. */
export function toJson(comparisons: readonly Comparison[]): string {
  const whole = {
    format: FORMAT,
    version: EXPORT_VERSION,
    comparisons: comparisons.map(inOrder),
  };
  return `${JSON.stringify(whole, null, 2)}\n`;
}

/** The same with its keys in the order of the schema. One that breaks the schema is better exported as it is than not at all. */
function inOrder(comparison: Comparison): Comparison {
  const checked = v.safeParse(comparisonSchema, comparison);
  return checked.success ? checked.output : comparison;
}

/** The comparisons of what `toJson` wrote; null where the text is anything else. */
export function fromJson(text: string): readonly Comparison[] | null {
  const parsed = v.safeParse(jsonSchema, text);
  return parsed.success ? parsed.output.comparisons : null;
}

type Cell = string | number | boolean | null;

/** What a row is made of. */
interface Row {
  readonly of: Comparison;
  readonly run: Run;
  /** null where the run failed */
  readonly done: FinishedRun | null;
}

const COLUMNS: readonly (readonly [string, (row: Row) => Cell | undefined])[] = [
  ['comparison', ({ of }) => of.id],
  ['at_ms_since_1970', ({ of }) => of.at],
  ['subject', ({ of }) => of.plan.subject.type],
  ['bytes', ({ of }) => of.plan.subject.bytes],
  ['files', ({ of }) => of.plan.subject.files],
  ['rounds', ({ of }) => of.plan.rounds],
  ['stopped', ({ of }) => of.stopped],
  ['root', ({ of }) => of.root],
  ['sender', ({ of }) => of.sender],
  ['receiver', ({ of }) => of.receiver],
  ['round', ({ run }) => run.round],
  ['asked_method', ({ run }) => run.method],
  ['method', ({ run, done }) => (done === null ? run.method : methodOf(run.method, done))],
  ['outcome', ({ run }) => run.outcome.type],
  ['failure', ({ run }) => (run.outcome.type === 'failed' ? run.outcome.reason : null)],
  ['total_ms', ({ done }) => done?.times.totalMs],
  ['upload_ms', ({ done }) => done?.times.uploadMs],
  ['connect_ms', ({ done }) => done?.times.connectMs],
  ['first_byte_ms', ({ done }) => done?.times.firstByteMs],
  ['transfer_ms', ({ done }) => done?.times.transferMs],
  ['verify_ms', ({ done }) => done?.times.verifyMs],
  ['server_bytes', ({ done }) => done?.serverBytes],
  ['uplink_bytes', ({ done }) => done?.uplinkBytes],
  ['path', ({ done }) => done?.path],
  ['round_trip_ms', ({ done }) => done?.roundTripMs],
  ['lanes', ({ done }) => done?.lanes],
  ['sink_busy', ({ done }) => done?.sinkBusy],
  ['receiver_busy', ({ done }) => done?.receiverBusy],
  ['sender_busy', ({ done }) => done?.senderBusy],
  ['samples_ms_bytes', ({ done }) => samplesCell(done?.samples)],
  ['upload_samples_ms_bytes', ({ done }) => samplesCell(done?.uploadSamples)],
];

/** `0:0 500:1048576`: milliseconds and bytes. */
function samplesCell(samples: readonly RunSample[] = []): string {
  return samples.map(({ atMs, bytes }) => `${atMs}:${bytes}`).join(' ');
}

/**
 * The runs of comparisons as CSV (RFC 4180), a row each under a row of names; what there is none of is empty. Hellos and
 * predictions, which belong to no run, are in the JSON only.
 */
export function toCsv(comparisons: readonly Comparison[]): string {
  const rows = comparisons.flatMap((of) =>
    of.runs.map((run) => {
      const done = run.outcome.type === 'done' ? run.outcome : null;
      return COLUMNS.map(([, cell]) => cellText(cell({ of, run, done }) ?? null));
    }),
  );
  const names = COLUMNS.map(([name]) => name);
  return [names, ...rows].map((row) => `${row.join(',')}\r\n`).join('');
}

function cellText(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell !== 'string') return String(cell);
  // A text that begins like a formula is one to a spreadsheet, unless an apostrophe goes before it (OWASP, "CSV Injection").
  const safe = /^[=+\-@\t\r\n]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
