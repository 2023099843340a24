import { describe, expect, it } from 'vitest';
import {
  compareTimes,
  makeComparison,
  makeFinished,
  makePlan,
  makeRun,
} from '../testing/make-comparison.ts';
import { summarize } from './summary.ts';

const stored = (totalMs: number, uploadMs: number) =>
  makeFinished(totalMs, {
    times: { uploadMs, connectMs: 20, firstByteMs: 30, transferMs: totalMs - uploadMs - 50 },
    serverBytes: 20e6,
    uplinkBytes: 10e6,
  });

describe('summary of a comparison', () => {
  it('has a row for each method with medians over its finished runs', () => {
    const { methods } = summarize(
      makeComparison([
        makeRun('stored', 0, stored(4000, 2000)),
        makeRun('stored', 1, stored(5000, 2500)),
        makeRun('stored', 2, stored(6000, 3900)),
        makeRun('direct', 0, makeFinished(1000, { path: 'direct', uplinkBytes: 10e6 })),
        makeRun('direct', 1, { type: 'failed', reason: 'connect-timeout' }),
        makeRun('direct', 2, { type: 'failed', reason: 'connect-timeout' }),
      ]),
    );
    expect(methods.map(({ method }) => method)).toEqual(['direct', 'stored']);
    expect(methods[0]).toMatchObject({
      finished: 1,
      failed: 2,
      failures: ['connect-timeout'],
      medianMs: 1000,
      spread: null,
      bytesPerSecond: 10e6,
      firstByteMs: 0,
      serverBytes: 0,
      uplinkBytes: 10e6,
      worksWithoutSender: false,
      serverSees: 'that you two met, when, and your addresses; not a byte of the files',
    });
    expect(methods[1]).toMatchObject({
      finished: 3,
      failed: 0,
      failures: [],
      medianMs: 5000,
      spread: 0.2,
      bytesPerSecond: 2e6,
      firstByteMs: 2550,
      serverBytes: 20e6,
      worksWithoutSender: true,
    });
  });

  it('counts as relayed what was asked as direct and went through a relay', () => {
    const { methods } = summarize(
      makeComparison([
        makeRun('direct', 0, makeFinished(1000, { path: 'local-network' })),
        makeRun('direct', 1, makeFinished(9000, { path: 'relayed' })),
        makeRun('direct', 2, makeFinished(9000, { path: 'relayed' })),
      ]),
    );
    expect(methods).toMatchObject([
      { method: 'direct', finished: 1, wentRelayed: 2, medianMs: 1000 },
      { method: 'relayed', finished: 2, wentRelayed: 0, medianMs: 9000 },
    ]);
  });

  it('keeps the row of a method that never finished, and names what was skipped', () => {
    const plan = makePlan(['direct', 'streamed']);
    const { methods, skipped } = summarize(
      makeComparison([], {
        plan: { ...plan, skipped: [{ method: 'relayed', reason: 'no-relay' }] },
      }),
    );
    const nothing = { finished: 0, failed: 0, medianMs: null, spread: null, bytesPerSecond: null };
    expect(methods).toMatchObject([
      { method: 'direct', ...nothing },
      { method: 'streamed', ...nothing, firstByteMs: null, serverBytes: null, uplinkBytes: null },
    ]);
    expect(skipped).toEqual([{ method: 'relayed', reason: 'no-relay' }]);
  });

  it('has no rate where a clock saw no time pass', () => {
    const { methods } = summarize(compareTimes({ direct: [0] }));
    expect(methods[0]).toMatchObject({ medianMs: 0, bytesPerSecond: null });
  });

  it('has a row for each way that Hello was tried', () => {
    const roundTripsMs = Array.from({ length: 21 }, (_, index) => index + 10);
    const { hellos } = summarize(
      makeComparison([], {
        hellos: [
          { way: 'peer', roundTripsMs: [] },
          { way: 'server', roundTripsMs },
        ],
      }),
    );
    expect(hellos).toEqual([
      { way: 'server', exchanges: 21, medianMs: 20, p95Ms: 29 },
      { way: 'peer', exchanges: 0, medianMs: null, p95Ms: null },
    ]);
  });
});
