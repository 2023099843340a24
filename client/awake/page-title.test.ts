import { describe, expect, it } from 'vitest';
import type { ReceiveState } from '../session/receive-state.ts';
import type { Receiver, ReceiverStatus, SendState } from '../session/send-state.ts';
import { fullNumberSet } from '../share/number-set.ts';
import { receiveTitle, sendTitle } from './page-title.ts';

const progress = (bytes: number, totalBytes = 1_000) => {
  return { bytes, totalBytes, rate: null, secondsLeft: null };
};

describe('the title of a receiving page', () => {
  const of = {
    files: [{ name: 'a', size: 1_000, folder: false }],
    selected: fullNumberSet(1),
    failures: [],
    place: { type: 'browser' },
    progress: progress(429),
  } as const;
  const paused = { ...of, type: 'paused', by: 'sender', reason: null } as const;
  const done = { ...of, type: 'done', totalBytes: 1, seconds: 1, packing: null } as const;
  const failed = { ...of, type: 'failed', reason: 'connection-lost', kept: null } as const;
  const failures = [{ file: 0, reason: 'source-changed' }] as const;

  it.each<[string, ReceiveState]>([
    ['Connecting · Onehop', { type: 'connecting', step: 'room', kept: null }],
    ['Ready · Onehop', { ...of, type: 'offered', selectedBytes: 1, storage: null }],
    ['42% · Onehop', { ...of, type: 'receiving', phase: 'transferring' }],
    [
      '99% · Onehop',
      { ...of, type: 'receiving', phase: 'transferring', progress: progress(999.9) },
    ],
    ['100% · Onehop', { ...of, type: 'receiving', phase: 'finishing', progress: progress(0, 0) }],
    ['Reconnecting · 42%', { ...of, type: 'receiving', phase: 'reconnecting' }],
    ['Paused · 42%', paused],
    ['Received · Onehop', { ...done, saveFailure: null }],
    ['Received in part · Onehop', { ...done, failures, saveFailure: null }],
    ['Trying again · Onehop', { ...failed, retrying: true }],
    ['Failed · Onehop', { ...failed, retrying: false }],
    ['Cancelled · Onehop', { ...of, type: 'cancelled', kept: null }],
  ])('is %s', (title, state) => {
    expect(receiveTitle(state)).toBe(title);
  });
});

describe('the title of a sending page', () => {
  const receiver = (status: ReceiverStatus, bytes: number): Receiver => {
    return { id: status.type, number: 1, status, progress: progress(bytes) };
  };
  const running = receiver({ type: 'receiving' }, 200);
  const away = receiver({ type: 'reconnecting' }, 650);
  const waiting = receiver({ type: 'paused', by: 'you' }, 700);
  const ready = receiver({ type: 'done' }, 1_000);
  const sharing = (...receivers: Receiver[]): SendState => {
    return { type: 'sharing', files: [], link: '', receivers, online: true, failures: [] };
  };
  const interrupted = { files: [], link: '', unrecognized: [], canContinue: false } as const;

  it.each<[string, SendState]>([
    ['Onehop', { type: 'idle' }],
    ['Onehop', { type: 'cancelled' }],
    ['Interrupted · Onehop', { type: 'interrupted', ...interrupted }],
    ['Opening · Onehop', { type: 'opening', files: [] }],
    ['Sharing · Onehop', sharing()],
    ['20% · Onehop', sharing(running, waiting, ready)],
    ['42% · Onehop', sharing(running, away)],
    ['Paused · 70%', sharing(waiting, ready)],
    ['Sent · Onehop', sharing(ready)],
    ['Failed · Onehop', { type: 'failed', reason: 'server-full', files: [] }],
  ])('is %s', (title, state) => {
    expect(sendTitle(state)).toBe(title);
  });
});
