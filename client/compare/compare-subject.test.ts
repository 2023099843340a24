import { describe, expect, test } from 'vitest';
import { planComparison, readSubject } from './compare-subject.ts';
import { COMPARE_METHODS } from './comparison.ts';
import { createRandomFile } from './random-file.ts';

const SERVER = { uploads: true, relay: true };

describe('random bytes', () => {
  test.each([0, 1, 1_000_000, 2 ** 20, 2 ** 20 + 1, 20 * 2 ** 20])('%i of them', async (bytes) => {
    const file = createRandomFile(bytes);
    expect(file.size).toBe(bytes);
    const deflated = file.stream().pipeThrough(new CompressionStream('deflate-raw'));
    const { byteLength } = await new Response(deflated).arrayBuffer();
    expect(byteLength).toBeGreaterThanOrEqual(bytes);
  });
});

describe('what is compared', () => {
  test('are the chosen files, or made ones', async () => {
    const files = [new File(['abc'], 'a'), new File(['de'], 'b')];
    const chosen = await readSubject({ type: 'files', files });
    expect(chosen.manifest.totalBytes).toBe(5);
    expect(chosen.files).toEqual(files);
    expect((await readSubject({ type: 'generated', bytes: 9 })).manifest.totalBytes).toBe(9);
    await expect(readSubject({ type: 'files', files: [] })).rejects.toMatchObject({
      reason: 'too-many-files',
    });
  });
});

describe('a plan', () => {
  const wish = { subject: { type: 'generated', bytes: 9 }, methods: COMPARE_METHODS } as const;

  test('leaves out what the server cannot do, and says why', async () => {
    const subject = await readSubject(wish.subject);
    const all = planComparison({ ...wish, rounds: 3 }, subject, SERVER);
    expect(all).toEqual({
      subject: { type: 'generated', bytes: 9, files: 1 },
      methods: COMPARE_METHODS,
      skipped: [],
      rounds: 3,
    });
    const bare = planComparison({ ...wish, rounds: 3 }, subject, { uploads: false, relay: false });
    expect(bare?.methods).toEqual(['direct']);
    expect(bare?.skipped).toEqual([
      { method: 'relayed', reason: 'no-relay' },
      { method: 'stored', reason: 'uploads-off' },
      { method: 'streamed', reason: 'uploads-off' },
    ]);
    const none = { ...wish, methods: ['stored'] as const, rounds: 3 };
    expect(planComparison(none, subject, { uploads: false, relay: false })).toBeNull();
  });

  test.each([
    [0, 1],
    [1, 1],
    [10, 10],
    [11, 10],
    [2.4, 2],
  ])('of %d rounds has %i', async (wanted, rounds) => {
    const subject = await readSubject(wish.subject);
    expect(planComparison({ ...wish, rounds: wanted }, subject, SERVER)?.rounds).toBe(rounds);
  });
});
