import { OnehopError } from '../errors/onehop-error.ts';
import { openRecord } from '../sealing/record.ts';
import { recordPlace, sealedLength, sealedSpan } from '../sealing/upload-layout.ts';
import { type ReadWatch, sealedRecords } from './sealed-records.ts';
import { type UploadFailure, failureOf } from './upload-failure.ts';
import { bearer } from './upload-http.ts';

/** Records `first` to before `end` of an upload, to be read by one request. */
export interface RecordRange {
  readonly first: number;
  readonly end: number;
}

/** What a range is read with. */
export interface RangeTools extends ReadWatch {
  readonly url: string;
  readonly key: CryptoKey;
  readonly token: string;
  readonly streamBytes: number;
  readonly fetch: typeof fetch;
  readonly signal: AbortSignal;
  onRecord(record: number, bytes: Uint8Array): void;
}

/** A range that the server did not give as it was asked for. */
export class RangeFailure extends Error {
  readonly failure: UploadFailure;

  constructor(failure: UploadFailure) {
    super(failure.reason);
    this.failure = failure;
  }
}

/**
 * Reads a range: opens record after record as they come. It may wait for as long as the server makes it.
 * @throws {OnehopError} `upload-damaged`
 * @throws {RangeFailure} where it was refused, or ended early; or what `fetch` and its body throw
 */
export async function readRange(range: RecordRange, tools: RangeTools): Promise<void> {
  const body = await openBody(range, tools);
  const { streamBytes } = tools;
  const lengths = Array.from({ length: range.end - range.first }, (_, index) => {
    const record = range.first + index;
    const { start, end } = sealedSpan(streamBytes, record, record + 1);
    return end - start;
  });
  let next = range.first;
  // One is opened while the next one comes: opening begins with a copy.
  let opening: Promise<void> = Promise.resolve();
  for await (const sealed of sealedRecords(body, lengths, tools)) {
    await opening;
    opening = open(next, sealed, tools);
    opening.catch(() => {});
    next += 1;
  }
  await opening;
  if (next < range.end) throw new RangeFailure({ reason: 'source-stalled', passing: true });
}

async function openBody(
  range: RecordRange,
  { url, token, streamBytes, signal, fetch: send }: RangeTools,
): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  const { start, end } = sealedSpan(streamBytes, range.first, range.end);
  const headers = { ...bearer(token), Range: `bytes=${start}-${end - 1}` };
  const response = await send(url, { headers, signal, cache: 'no-store', redirect: 'error' });
  if (response.status !== 206) {
    throw new RangeFailure(failureOf({ status: response.status, body: await response.text() }));
  }
  const expected = `bytes ${start}-${end - 1}/${sealedLength(streamBytes)}`;
  if (response.headers.get('Content-Range') !== expected || response.body === null) {
    response.body?.cancel().catch(() => {});
    throw new OnehopError('upload-damaged');
  }
  return response.body;
}

async function open(
  index: number,
  sealed: Uint8Array<ArrayBuffer>,
  tools: RangeTools,
): Promise<void> {
  const { key, streamBytes } = tools;
  tools.onRecord(index, await openRecord(key, recordPlace(streamBytes, index), sealed));
}
