import { describe, expect, test } from 'vitest';
import { RunMeter } from './run-meter.ts';

const END = {
  path: 'direct',
  roundTripMs: 12,
  lanes: 8,
  travelledBytes: 1_100,
  root: 'r'.repeat(43),
} as const;

/** A meter whose clock the test turns. */
function open() {
  let now = 1_000;
  const meter = new RunMeter({ clock: () => now, watchPageLoad: () => ({ stop: () => 0.5 }) });
  const at = (ms: number) => {
    now = ms;
    return meter;
  };
  return { meter, at };
}

describe('the times of a run', () => {
  test('[NT4] are steps that add up to the whole', () => {
    const { at } = open();
    at(2_000).begin();
    at(2_050).noteUp();
    at(2_600).noteProgress(500);
    at(3_000).noteProgress(1_000);
    at(3_010).noteTransferred();
    const run = at(3_030).measure({ ...END, at: 3_030, firstByteAt: 2_120 });
    expect(run).toEqual({
      ...END,
      connectMs: 50,
      firstByteMs: 70,
      transferMs: 890,
      verifyMs: 20,
      samples: [
        { atMs: 0, bytes: 0 },
        { atMs: 600, bytes: 500 },
        { atMs: 1_000, bytes: 1_000 },
      ],
      sinkBusy: 0,
      busy: 0.5,
    });
    expect(run.connectMs + run.firstByteMs + run.transferMs + run.verifyMs).toBe(1_030);
  });

  test('[NT4] count from the last beginning: of a stored run, what came before was the upload', () => {
    const { at } = open();
    at(2_000).begin();
    at(9_000).begin();
    at(9_010).noteUp();
    at(9_500).noteTransferred();
    const run = at(9_500).measure({ ...END, at: 9_500, firstByteAt: 9_100 });
    expect(run).toMatchObject({ connectMs: 10, firstByteMs: 90, transferMs: 400, verifyMs: 0 });
  });

  test.each([
    ['of nothing that came', null, 0],
    ['of a byte before there was something to ask', 1_990, 0],
    ['of a byte after everything was there', 5_000, 500],
  ])('are none below zero, %s', (_, firstByteAt, firstByteMs) => {
    const { at } = open();
    at(2_000).begin();
    at(2_000).noteUp();
    at(2_500).noteTransferred();
    const run = at(2_500).measure({ ...END, at: 2_500, firstByteAt });
    expect(run).toMatchObject({ firstByteMs, transferMs: 500 - firstByteMs });
  });

  test('have the sink’s work in the transfer apart from that of the last checks', async () => {
    const { meter, at } = open();
    at(2_000).begin();
    meter.noteUp();
    await meter.duringSink(async () => void at(2_025));
    at(2_100).noteTransferred();
    await meter.duringSink(async () => void at(2_900));
    expect(meter.measure({ ...END, at: 2_900, firstByteAt: 2_000 }).sinkBusy).toBe(0.25);
  });

  test('tell how long nothing has moved', () => {
    const { meter, at } = open();
    at(2_000).begin();
    expect(at(2_700).stillMs).toBe(700);
    meter.noteProgress(3);
    expect(at(2_800).stillMs).toBe(100);
    expect(meter.bytes).toBe(3);
  });
});
