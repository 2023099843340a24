import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareTimes, makeComparison, makeFinished, makeRun } from '../testing/make-comparison.ts';
import { fromJson, toCsv, toJson } from './comparison-export.ts';

const whole = makeComparison(
  [
    makeRun(
      'direct',
      0,
      makeFinished(1000.5, {
        path: 'relayed',
        roundTripMs: 20,
        lanes: 8,
        samples: [
          { atMs: 0, bytes: 0 },
          { atMs: 500, bytes: 1e6 },
        ],
      }),
    ),
    makeRun('stored', 0, { type: 'failed', reason: 'said "no", twice' }),
  ],
  { hellos: [{ way: 'peer', roundTripsMs: [1, 2] }], root: 'A'.repeat(43), stopped: true },
);

/** The records of a CSV, by RFC 4180. */
function parseCsv(text: string): string[][] {
  const records: string[][] = [[]];
  for (const found of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy)) {
    records.at(-1)?.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? '');
    if (found[3] !== ',') records.push([]);
  }
  return records.slice(0, -1);
}

describe('export of comparisons as JSON', () => {
  it('can be read back', () => {
    expect(fromJson(toJson([whole, compareTimes({ direct: [1] })]))).toEqual([
      whole,
      compareTimes({ direct: [1] }),
    ]);
    expect(fromJson(toJson([]))).toEqual([]);
  });

  it('is the same text whatever the order of keys was', () => {
    const { version, id, ...rest } = whole;
    expect(toJson([{ ...rest, id, version }])).toBe(toJson([whole]));
    expect(toJson([whole])).toMatch(/^\{\n {2}"format": "onehop-comparisons",\n {2}"version": 1,/);
  });

  it('exports what breaks the schema as it is', () => {
    expect(toJson([{ ...whole, id: 'short' }])).toContain('"id": "short"');
  });

  it('reads nothing but that', () => {
    const other = ['', '{}', '[]', 'null', toJson([whole]).replace('"version": 1', '"version": 2')];
    for (const text of [...other, toJson([{ ...whole, id: 'short' }])]) {
      expect(fromJson(text)).toBeNull();
    }
  });
});

describe('export of comparisons as CSV', () => {
  it('has a row for each run, with every field by its name', () => {
    const [names, ...rows] = parseCsv(toCsv([whole, whole]));
    expect(rows).toHaveLength(4);
    const [first, second] = rows.map((row) =>
      Object.fromEntries(row.map((cell, index) => [names?.[index], cell])),
    );
    expect(first).toMatchObject({
      comparison: whole.id,
      asked_method: 'direct',
      method: 'relayed',
      outcome: 'done',
      total_ms: '1000.5',
      upload_ms: '',
      round_trip_ms: '20',
      sink_busy: '0',
      samples_ms_bytes: '0:0 500:1000000',
      failure: '',
      stopped: 'true',
    });
    expect(second).toMatchObject({ method: 'stored', failure: 'said "no", twice', total_ms: '' });
  });

  it('is a line of names without runs', () => {
    expect(toCsv([])).toMatch(/^comparison,[a-z0-9_,]+\r\n$/);
  });

  it('lets no text become a formula, and loses none', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 40 }),
      fc.string({
        unit: fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', '"', ',', 'a'),
        maxLength: 10,
      }),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const [names, row] = parseCsv(toCsv([{ ...whole, receiver: text }]));
        expect(row).toHaveLength(names?.length ?? 0);
        const cell = row?.[names?.indexOf('receiver') ?? -1] ?? '';
        expect(cell).not.toMatch(/^[=+\-@\t\r\n]/);
        expect(cell === text || cell === `'${text}`).toBe(true);
      }),
    );
  });
});
