import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeComparison, makeFinished, makeRun } from '../testing/make-comparison.ts';
import { COMPARE_METHODS, type CompareMethod, type FinishedRun, type Hello } from './comparison.ts';
import { reasonWords } from './explain-words.ts';
import { explain } from './explain.ts';

const BYTES = 10e6;
const msAt = (megabytesPerSecond: number) => BYTES / megabytesPerSecond / 1000;

const across = (rate: number, said: Parameters<typeof makeFinished>[1] = {}) =>
  makeFinished(msAt(rate), { path: 'direct', roundTripMs: 20, ...said });
const stored = (up: number, down: number, said: Parameters<typeof makeFinished>[1] = {}) =>
  makeFinished(msAt(up) + msAt(down), {
    ...said,
    times: { uploadMs: msAt(up), transferMs: msAt(down), ...said.times },
  });

function explained(
  outcomes: Partial<Record<CompareMethod, FinishedRun>>,
  hellos: Hello[] = [{ way: 'server', roundTripsMs: [30] }],
) {
  const runs = COMPARE_METHODS.flatMap((method) => {
    const outcome = outcomes[method];
    return outcome === undefined ? [] : [0, 1, 2].map((round) => makeRun(method, round, outcome));
  });
  return explain(makeComparison(runs, { hellos }));
}
const wordsOf = (reasons: ReturnType<typeof explain>) => reasons.map(reasonWords);

describe('why it took as long as it did', () => {
  it('the sender’s uplink: direct and the upload alike, the download faster', () => {
    const reasons = explained({
      direct: across(2.4),
      stored: stored(2.4, 11),
      streamed: makeFinished(msAt(2.3)),
    });
    expect(reasons).toMatchObject([
      {
        type: 'sender-uplink',
        methods: ['direct', 'stored', 'streamed'],
        rates: { direct: 2.4e6, upload: 2.4e6 },
      },
    ]);
    expect(wordsOf(reasons)).toEqual([
      'Direct, Stored and Streamed: the sender’s uplink. Direct and the upload to the server ran at the same 2.4 MB/s, the ' +
        'download from the server at 11 MB/s.',
    ]);
  });

  it('does not lay at the uplink’s door what was slower than the uplink', () => {
    const reasons = explained({
      direct: across(2.4),
      stored: stored(2.2, 11),
      streamed: makeFinished(msAt(1.1)),
    });
    expect(reasons).toMatchObject([
      { type: 'sender-uplink', methods: ['direct', 'stored'] },
      { type: 'unknown', methods: ['streamed'], cause: 'unclear', notMeasured: ['loss'] },
    ]);
    expect(wordsOf(reasons)[0]).toContain('about the same, 2.4 MB/s and 2.2 MB/s');
  });

  it('the receiver’s downlink: direct and the download alike, the upload faster', () => {
    const reasons = explained({ direct: across(3), stored: stored(9, 3.1) });
    expect(reasons).toMatchObject([{ type: 'receiver-downlink', methods: ['direct', 'stored'] }]);
    expect(wordsOf(reasons)[0]).toContain('the receiver’s downlink. Direct and the download');
  });

  it('the server: direct far faster than a leg, over the same lines', () => {
    const reasons = explained({
      direct: across(10),
      stored: stored(2, 20),
      streamed: makeFinished(msAt(2)),
    });
    expect(reasons).toMatchObject([
      { type: 'server', methods: ['stored', 'streamed'], legs: ['upload'] },
      { type: 'unknown', methods: ['direct'] },
    ]);
    expect(wordsOf(reasons)[0]).toBe(
      'Stored and Streamed: the server, the line to it, or the sealing. The upload to the server ran at 2 MB/s, but direct, over ' +
        'the lines of both of you, ran at 10 MB/s.',
    );
  });

  it('does not blame the server for being farther away than the next room', () => {
    const reasons = explained({
      direct: across(50, { path: 'local-network' }),
      stored: stored(2, 20),
    });
    expect(reasons).toMatchObject([{ type: 'unknown', cause: 'local-network' }]);
    const unsure = explained({ direct: across(50, { path: null }), stored: stored(2, 20) });
    expect(unsure).toMatchObject([{ type: 'unknown', cause: 'unclear' }]);
  });

  it('the receiver’s storage, and then no line by that method', () => {
    const reasons = explained({
      direct: across(2.4, { sinkBusy: 0.95 }),
      stored: stored(2.4, 11),
    });
    expect(reasons).toMatchObject([
      { type: 'disk', methods: ['direct'], busy: 0.95 },
      {
        type: 'unknown',
        methods: ['stored'],
        cause: 'not-measured',
        notMeasured: ['direct', 'loss'],
      },
    ]);
    expect(wordsOf(reasons)[0]).toContain('check or write during 95 % of the transfer');
  });

  it('either side’s processor', () => {
    const reasons = explained({ direct: across(2.4, { senderBusy: 0.7, receiverBusy: 0.6 }) });
    expect(reasons).toMatchObject([
      { type: 'processor', side: 'sender', busy: 0.7 },
      { type: 'processor', side: 'receiver', busy: 0.6 },
    ]);
    expect(wordsOf(reasons)[0]).toContain('The sender’s page could not answer at once during 70 %');
  });

  it('the round trip: most of the time before the first byte', () => {
    const times = { connectMs: 500, firstByteMs: 100, transferMs: 100 };
    const reasons = explained({ direct: makeFinished(700, { times, roundTripMs: 120 }) });
    expect(reasons).toMatchObject([{ type: 'loss-or-round-trip', evidence: 'start', ms: 600 }]);
    expect(wordsOf(reasons)[0]).toBe(
      'Direct: the round trip of 120 ms. Of 700 ms, 600 ms went into connecting and waiting for the first byte: 5.0 round trips.',
    );
    // A start of 300 round trips waited for something else.
    const slow = explained({ direct: makeFinished(700, { times, roundTripMs: 2 }) });
    expect(slow).toMatchObject([{ type: 'unknown' }]);
  });

  it('the round trip: over while it still became faster', () => {
    const samples = [
      { atMs: 200, bytes: 1e6 },
      { atMs: 400, bytes: 2e6 },
      { atMs: 600, bytes: 3e6 },
      { atMs: 800, bytes: 6e6 },
      { atMs: 1000, bytes: 10e6 },
    ];
    const reasons = explained({ direct: makeFinished(1000, { samples, roundTripMs: 100 }) });
    expect(reasons).toMatchObject([{ evidence: 'growing', ms: 1000, firstHalf: 4 }]);
    expect(wordsOf(reasons)[0]).toContain('took 4.0 times as long as the second');
    const long = explained({ direct: makeFinished(1000, { samples, roundTripMs: 10 }) });
    expect(long).toMatchObject([{ type: 'unknown' }]);
  });

  it('takes Hello’s round trip where a run has none', () => {
    const times = { connectMs: 90, transferMs: 10 };
    const reasons = explained({ streamed: makeFinished(100, { times }) });
    expect(reasons).toMatchObject([{ type: 'loss-or-round-trip', roundTripMs: 30 }]);
    const none = explained({ streamed: makeFinished(100, { times }) }, []);
    expect(none).toMatchObject([
      { type: 'unknown', notMeasured: ['direct', 'upload', 'download', 'round-trip', 'loss'] },
    ]);
  });

  it('says that it does not know where everything is alike, or direct the slowest', () => {
    expect(explained({ direct: across(5), stored: stored(5, 5) })).toMatchObject([
      { type: 'unknown', cause: 'alike' },
    ]);
    const slower = explained({ direct: across(3, { senderBusy: null }), stored: stored(9, 8) });
    expect(slower).toMatchObject([
      { type: 'unknown', cause: 'direct-slower', notMeasured: ['sender-page', 'loss'] },
    ]);
    expect(wordsOf(slower)).toEqual([
      'Direct and Stored: the numbers do not tell. Direct ran at 3 MB/s, the upload to the server at 9 MB/s, the download from the ' +
        'server at 8 MB/s. So both lines can carry more than direct took. Not measured: how busy the sender’s page was; lost ' +
        'packets, which browsers do not tell of.',
    ]);
  });

  it('says nothing of nothing', () => {
    expect(explain(makeComparison([]))).toEqual([]);
  });

  it('gives every finished method a reason, and only those, whatever was measured', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const ms = fc.double({ min: 0, max: 1e5, noNaN: true });
    const outcome = fc
      .record({
        ms,
        uploadMs: fc.option(ms),
        connectMs: ms,
        busy: share,
        page: fc.option(share),
        trip: fc.option(ms),
      })
      .map((of) =>
        makeFinished(of.ms, {
          times: { uploadMs: of.uploadMs, connectMs: of.connectMs },
          sinkBusy: of.busy,
          senderBusy: of.page,
          roundTripMs: of.trip,
          path: 'direct',
        }),
      );
    const all = fc.record(
      { direct: outcome, relayed: outcome, stored: outcome, streamed: outcome },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(all, (outcomes) => {
        const reasons = explained(outcomes);
        const methods = new Set(reasons.flatMap((reason) => reason.methods));
        expect([...methods].toSorted()).toEqual(Object.keys(outcomes).toSorted());
        for (const words of wordsOf(reasons))
          expect(words).not.toMatch(/NaN|Infinity|undefined|null/);
      }),
    );
  });
});
