import * as v from 'valibot';
import { claimSchema } from '../../signaling/protocol/uploads.ts';
import { decodeBase64url, encodeBase64url } from '../encoding/base64url.ts';
import type { ShareSecret } from '../share/link.ts';
import {
  MAX_FILES,
  type Manifest,
  buildManifest,
  isFolder,
  manifestEntrySchema,
} from '../share/manifest.ts';
import {
  type NumberSet,
  decodeNumberSet,
  encodeNumberSet,
  hasNumber,
} from '../share/number-set.ts';
import { FILE_FAILURES } from '../transfer/control-message.ts';

const FORMAT_VERSION = 1;
const SECRET_BYTES = 16;

/** What a page fetches of a share. */
export interface DownloadRecord {
  readonly secret: ShareSecret;
  readonly manifest: Manifest;
  readonly selected: NumberSet;
  /** 12 random bytes in base64url: what its sender knows the receiver by */
  readonly receiver: string;
}

/** What the large file of a kept download says; it is written once. */
export interface DownloadPlan {
  readonly manifest: Manifest;
  readonly selected: NumberSet;
  /** `nameKey`s of what was in the picked folder before and had to be kept clear of */
  readonly taken: readonly string[];
}

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const secretText = v.pipe(
  v.string(),
  v.check((text) => decodeBase64url(text)?.length === SECRET_BYTES),
);

const summarySchema = v.strictObject({
  version: v.literal(FORMAT_VERSION),
  /** counts up with every change: the higher one of two is what holds */
  revision: count,
  secret: secretText,
  receiver: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{16}$/)),
  /** of its first file */
  name: v.string(),
  fileCount: count,
  /** of the selected files */
  totalBytes: count,
  place: v.variant('type', [
    v.strictObject({ type: v.literal('browser') }),
    v.strictObject({ type: v.literal('folder'), name: v.string() }),
  ]),
  /** milliseconds since 1970 */
  createdAt: count,
  paused: v.boolean(),
  complete: v.boolean(),
  /** its place among the server's downloads, until that is confirmed; records of before this was kept do not have it */
  claim: v.optional(v.nullable(claimSchema), null),
  /** when the user had all of it saved; milliseconds since 1970 */
  savedAt: v.nullable(count),
  failed: v.pipe(
    v.array(v.strictObject({ file: count, reason: v.picklist(FILE_FAILURES) })),
    v.maxLength(MAX_FILES),
    v.readonly(),
  ),
});

/** What the small file of a kept download says: enough to list it, and all of it that changes. */
export type DownloadSummary = Readonly<v.InferOutput<typeof summarySchema>>;

const planSchema = v.strictObject({
  version: v.literal(FORMAT_VERSION),
  entries: v.pipe(v.array(manifestEntrySchema), v.minLength(1), v.maxLength(MAX_FILES)),
  selected: v.string(),
  taken: v.array(v.string()),
});

/** The summary of a download that begins. */
export function summarizeDownload(
  record: DownloadRecord,
  place: DownloadSummary['place'],
  totalBytes: number,
): DownloadSummary {
  const { entries } = record.manifest;
  const selected = entries.filter((_, file) => hasNumber(record.selected, file));
  const first = selected.find((entry) => !isFolder(entry)) ?? selected[0];
  return {
    version: FORMAT_VERSION,
    revision: 0,
    secret: encodeBase64url(record.secret),
    receiver: record.receiver,
    name: first?.path ?? '',
    fileCount: record.selected.count,
    totalBytes,
    place,
    createdAt: Date.now(),
    paused: false,
    complete: false,
    claim: null,
    savedAt: null,
    failed: [],
  };
}

/** The secret that a summary keeps. */
export function secretOf(summary: DownloadSummary): ShareSecret {
  return decodeBase64url(summary.secret) ?? new Uint8Array(SECRET_BYTES);
}

/** Reads a summary; null where the text is none, as when a page went while it was written. */
export function parseSummary(text: string): DownloadSummary | null {
  return parse(summarySchema, text);
}

/** The text of a plan. */
export function formatPlan({ manifest, selected, taken }: DownloadPlan): string {
  return JSON.stringify({
    version: FORMAT_VERSION,
    entries: manifest.entries,
    selected: encodeNumberSet(selected),
    taken,
  });
}

/** Reads what `formatPlan` wrote; null where the text is no plan. */
export function parsePlan(text: string): DownloadPlan | null {
  const plan = parse(planSchema, text);
  if (plan === null) return null;
  const manifest = buildManifest(plan.entries);
  const selected = decodeNumberSet(plan.selected, plan.entries.length);
  return manifest === null || selected === null ? null : { manifest, selected, taken: plan.taken };
}

function parse<Schema extends v.GenericSchema>(
  schema: Schema,
  text: string,
): v.InferOutput<Schema> | null {
  try {
    const result = v.safeParse(schema, JSON.parse(text));
    return result.success ? result.output : null;
  } catch {
    return null;
  }
}
