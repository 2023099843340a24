import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TICK_MS, startTicker } from './ticker.ts';

/** A worker that ticks when the test says so. */
class FakeWorker extends EventTarget {
  static readonly all: FakeWorker[] = [];
  readonly asked: unknown[] = [];
  ended = false;

  constructor() {
    super();
    FakeWorker.all.push(this);
  }

  postMessage(message: unknown): void {
    this.asked.push(message);
  }

  terminate(): void {
    this.ended = true;
  }

  tick(): void {
    this.dispatchEvent(new Event('message'));
  }
}

let open: AbortController[] = [];

/** A user of the ticker: how often it ticked for it, and how it stops. */
function use(): { readonly ticks: () => number; readonly stop: () => void } {
  const stop = new AbortController();
  const onTick = vi.fn<() => void>();
  startTicker(onTick, stop.signal);
  open.push(stop);
  return { ticks: () => onTick.mock.calls.length, stop: () => stop.abort() };
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('Worker', FakeWorker);
  FakeWorker.all.length = 0;
  open = [];
});

afterEach(() => {
  for (const stop of open) stop.abort();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('ticker', () => {
  it('ticks for everybody from one worker', () => {
    const [one, other] = [use(), use()];
    FakeWorker.all[0]?.tick();
    FakeWorker.all[0]?.tick();
    expect([one.ticks(), other.ticks()]).toEqual([2, 2]);
    expect(FakeWorker.all.map(({ asked }) => asked)).toEqual([[TICK_MS]]);
  });

  it('ticks by the timer of the page until the worker does, and not twice then', () => {
    const { ticks } = use();
    vi.advanceTimersByTime(2 * TICK_MS);
    expect(ticks()).toBe(2);
    FakeWorker.all[0]?.tick();
    vi.advanceTimersByTime(10 * TICK_MS);
    expect(ticks()).toBe(3);
  });

  it('ticks by the timer of the page where a worker cannot be started', () => {
    vi.stubGlobal('Worker', function refuse() {
      throw new Error('not here');
    });
    const { ticks } = use();
    vi.advanceTimersByTime(3 * TICK_MS);
    expect(ticks()).toBe(3);
  });

  it('ticks on by the timer of the page when the worker breaks', () => {
    const { ticks } = use();
    FakeWorker.all[0]?.tick();
    const broken = new Event('error', { cancelable: true });
    FakeWorker.all[0]?.dispatchEvent(broken);
    vi.advanceTimersByTime(TICK_MS);
    expect(ticks()).toBe(2);
    expect(broken.defaultPrevented).toBe(true);
  });

  it('ticks no more for who stopped, and ends worker and timer with the last one', () => {
    const [one, other] = [use(), use()];
    one.stop();
    FakeWorker.all[0]?.tick();
    expect([one.ticks(), other.ticks()]).toEqual([0, 1]);
    expect(FakeWorker.all[0]?.ended).toBe(false);
    other.stop();
    expect(FakeWorker.all[0]?.ended).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('starts anew after the last one had stopped', () => {
    use().stop();
    const { ticks } = use();
    FakeWorker.all[1]?.tick();
    expect(ticks()).toBe(1);
  });

  it('starts nothing for who has stopped already', () => {
    startTicker(() => {}, AbortSignal.abort());
    expect(FakeWorker.all).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
