// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ReceiveState } from '../session/receive-state.ts';
import type { Receiver, ReceiverStatus, SendState } from '../session/send-state.ts';
import { fullNumberSet } from '../share/number-set.ts';
import * as doneNotice from './done-notice.ts';
import * as screenWakeLock from './screen-wake-lock.ts';
import { watchReceiving, watchSending } from './watch-session.ts';

const WORDS = {
  formatFileCount: (count: number) => `${count} files`,
  formatBytes: (bytes: number) => `${bytes} bytes`,
};
const progress = { bytes: 500, totalBytes: 1_000, rate: null, secondsLeft: null };

let stop: AbortController;
let notices: string[];
/** for each time the screen was held, until when */
let holds: AbortSignal[];

const held = () => holds.filter(({ aborted }) => !aborted).length;

beforeEach(() => {
  stop = new AbortController();
  notices = [];
  holds = [];
  vi.spyOn(doneNotice, 'showDoneNotice').mockImplementation((text) => {
    notices.push(text);
  });
  vi.spyOn(screenWakeLock, 'holdScreenAwake').mockImplementation((signal) => {
    holds.push(signal);
  });
});

afterEach(() => {
  stop.abort();
  vi.restoreAllMocks();
});

describe('a receiving page', () => {
  const of = {
    files: ['a', 'b', 'c', 'd/'].map((name) => ({ name, size: 1, folder: name === 'd/' })),
    selected: fullNumberSet(4),
    failures: [],
    place: { type: 'browser' },
    progress,
  } as const;
  const receiving: ReceiveState = { ...of, type: 'receiving', phase: 'transferring' };
  const paused: ReceiveState = { ...of, type: 'paused', by: 'you', reason: null };
  const ends = { totalBytes: 1_000, seconds: 1, packing: null, saveFailure: null } as const;
  const done: ReceiveState = { ...of, ...ends, type: 'done' };

  it('has its title, and the screen as long as it receives', () => {
    const show = watchReceiving(WORDS, stop.signal);
    show(receiving);
    show({ ...of, type: 'receiving', phase: 'reconnecting' });
    expect(document.title).toBe('Reconnecting · 50%');
    expect([held(), holds.length]).toEqual([1, 1]);
    show(paused);
    expect(held()).toBe(0);
    show(receiving);
    expect(held()).toBe(1);
    show(done);
    expect(held()).toBe(0);
  });

  it('says once that it is done, and names no file', () => {
    const show = watchReceiving(WORDS, stop.signal);
    for (const state of [receiving, done, { ...done, packing: 0.5 }]) show(state);
    expect(notices).toEqual(['Received: 3 files, 1000 bytes']);
  });

  it('says what could not be had', () => {
    const failures = [{ file: 0, reason: 'source-changed' }] as const;
    watchReceiving(WORDS, stop.signal)({ ...done, failures });
    expect(notices).toEqual(['Received in part: 2 files, 1000 bytes']);
  });

  it('lets go of the screen when its session ends, and shows nothing more', () => {
    const show = watchReceiving(WORDS, stop.signal);
    show(receiving);
    stop.abort();
    expect(held()).toBe(0);
    show(receiving);
    show(done);
    expect([held(), notices]).toEqual([0, []]);
  });
});

describe('a sending page', () => {
  const sharing = (...types: ReceiverStatus['type'][]): SendState => {
    const receivers = types.map((type, index): Receiver => {
      const status = statuses[type];
      return { id: String(index), number: index + 1, status, progress };
    });
    return { type: 'sharing', files: [], link: '', receivers, online: true, failures: [] };
  };
  const statuses: Record<ReceiverStatus['type'], ReceiverStatus> = {
    connecting: { type: 'connecting' },
    choosing: { type: 'choosing' },
    receiving: { type: 'receiving' },
    paused: { type: 'paused', by: 'you' },
    reconnecting: { type: 'reconnecting' },
    done: { type: 'done' },
    failed: { type: 'failed', reason: 'receiver-left' },
  };

  it('has its title, and the screen as long as somebody receives', () => {
    const show = watchSending(WORDS, stop.signal);
    show(sharing());
    show(sharing('choosing'));
    expect([document.title, held()]).toEqual(['Sharing · Onehop', 0]);
    show(sharing('receiving', 'done'));
    show(sharing('reconnecting', 'done'));
    expect([document.title, held(), holds.length]).toEqual(['50% · Onehop', 1, 1]);
    show(sharing('done', 'done'));
    expect(held()).toBe(0);
  });

  it('says when the last who receives is done', () => {
    const show = watchSending(WORDS, stop.signal);
    show(sharing('receiving', 'receiving'));
    show(sharing('done', 'receiving'));
    expect(notices).toEqual([]);
    show(sharing('done', 'done'));
    show(sharing('done', 'done'));
    expect(notices).toEqual(['Sent to 2 receivers: 2000 bytes']);
  });

  it('says it anew for another one, but not for one who fails', () => {
    const show = watchSending(WORDS, stop.signal);
    show(sharing('done'));
    expect(notices).toEqual(['Sent to 1 receiver: 1000 bytes']);
    show(sharing('done', 'receiving'));
    show(sharing('done', 'failed'));
    expect(notices.length).toBe(1);
    show(sharing('done', 'failed', 'receiving'));
    show(sharing('done', 'failed', 'done'));
    expect(notices.at(-1)).toBe('Sent to 2 receivers: 2000 bytes');
  });
});
