import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LaneLedger } from './lane-ledger.ts';
import { spanBytes } from './spans.ts';
import { type Part, wantPiece } from './wanted-piece.ts';

const KIB = 1024;

/** A part of a piece of its own. */
function partOf(piece: number, start: number, end: number): Part {
  const of = wantPiece(piece, 1024 * KIB, { total: 1024 * KIB, begunAnew: false });
  const part: Part = { of, missing: [{ start, end }], asks: new Set(), tries: 0 };
  of.parts.add(part);
  return part;
}

/** A ledger that was asked for so many parts of 10 KiB at time 0, 10, 20… */
function asked(count: number) {
  const ledger = new LaneLedger(0, 0);
  const asks = Array.from({ length: count }, (_, piece) =>
    ledger.ask(partOf(piece, 0, 10 * KIB), piece * 10),
  );
  return { ledger, asks };
}

describe('lane ledger', () => {
  it('always owes the sum of what is awaited', () => {
    const action = fc.record({
      what: fc.constantFrom('ask', 'arrive', 'arrive', 'clip', 'abandon'),
      which: fc.nat(30),
      from: fc.nat(40),
      length: fc.integer({ min: 1, max: 40 }),
    });
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
        const ledger = new LaneLedger(0, 0);
        const asks = [ledger.ask(partOf(0, 0, 40), 0)];
        for (const { what, which, from, length } of actions) {
          const ask = asks[which % asks.length];
          if (ask === undefined) throw new Error('there is one');
          const [span] = ask.spans;
          if (what === 'ask') asks.push(ledger.ask(partOf(asks.length, from, from + length), 0));
          else if (what === 'clip') ledger.clip(ask, from);
          else if (what === 'abandon') ledger.abandon(ask);
          else if (span !== undefined) {
            ledger.arrived(
              ask,
              { start: span.start, end: Math.min(span.end, span.start + length) },
              1,
            );
          }
          const awaited = [...ledger.awaited];
          expect(ledger.owedBytes).toBe(awaited.reduce((sum, { bytes }) => sum + bytes, 0));
          expect(awaited.every(({ bytes, spans }) => bytes > 0 && bytes <= spanBytes(spans))).toBe(
            true,
          );
          expect(ledger.owes).toBe(awaited.length > 0);
        }
      }),
    );
  });

  it('tells how long a range took when its last byte is here', () => {
    const { ledger, asks } = asked(2);
    const [first] = asks;
    if (first === undefined) throw new Error('two were asked');
    expect(ledger.arrived(first, { start: 4 * KIB, end: 10 * KIB }, 50)).toBeNull();
    expect(ledger.arrived(first, { start: 0, end: 4 * KIB }, 60)).toBe(60);
    expect(ledger.latencyMs).toBe(60);
  });

  it('counts once what was overtaken by what was asked for later', () => {
    const { ledger, asks } = asked(4);
    const third = asks[2];
    const last = asks[3];
    if (third === undefined || last === undefined) throw new Error('four were asked');
    ledger.arrived(third, { start: 0, end: 10 * KIB }, 60);
    expect(ledger.overtake(third)).toBe(2);
    ledger.arrived(last, { start: 0, end: 10 * KIB }, 61);
    expect(ledger.overtake(last)).toBe(0);
  });

  it('is quiet from its last arrival on, or from when it began to owe', () => {
    const ledger = new LaneLedger(0, 0);
    expect(ledger.quietMs(5_000)).toBe(0);
    const ask = ledger.ask(partOf(0, 0, 10), 5_000);
    expect(ledger.quietMs(5_100)).toBe(100);
    ledger.arrived(ask, { start: 0, end: 5 }, 5_150);
    expect(ledger.quietMs(5_200)).toBe(50);
    ledger.arrived(ask, { start: 5, end: 10 }, 5_250);
    expect(ledger.quietMs(9_000)).toBe(0);
  });

  it('is trusted again with everything when it brings something after all', () => {
    const { ledger, asks } = asked(3);
    expect(ledger.doubt()).toEqual(asks);
    expect(ledger.doubt()).toEqual([]);
    expect(asks.every(({ doubted }) => doubted)).toBe(true);
    const [first] = asks;
    if (first !== undefined) ledger.arrived(first, { start: 0, end: 1 }, 900);
    expect(asks.every(({ doubted }) => doubted)).toBe(false);
  });

  it('measures nothing of what was asked for before a pause', () => {
    const { ledger, asks } = asked(1);
    ledger.restartClock(5_000);
    const [first] = asks;
    if (first === undefined) throw new Error('one was asked');
    expect(ledger.quietMs(5_010)).toBe(10);
    expect(ledger.arrived(first, { start: 0, end: 10 * KIB }, 5_020)).toBeNull();
    expect(ledger.latencyMs).toBeNull();
  });

  it('remembers what nothing is awaited of, for the newest 4,096 asks', () => {
    const ledger = new LaneLedger(0, 0);
    for (let piece = 0; piece < 5_000; piece += 1)
      ledger.abandon(ledger.ask(partOf(piece, 0, 9), 0));
    const span = { start: 0, end: 9 };
    expect(ledger.find(0, span, 1024 * KIB)).toBeUndefined();
    expect(ledger.find(903, span, 1024 * KIB)).toBeUndefined();
    expect(ledger.find(904, span, 1024 * KIB)).toBeDefined();
    expect(ledger.owedBytes).toBe(0);
  });
});
