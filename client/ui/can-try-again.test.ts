import { expect, test } from 'vitest';
import { CAN_TRY_AGAIN } from './can-try-again.ts';
import { ERROR_WORDS } from './error-words.ts';

const entries = Object.entries(CAN_TRY_AGAIN);
const helpless = entries.filter(([, can]) => !can).map(([reason]) => reason);

test('every error that has words says whether another try can help', () => {
  expect(Object.keys(CAN_TRY_AGAIN).toSorted()).toEqual(Object.keys(ERROR_WORDS).toSorted());
});

test('another try is not offered where the link, the files or the page must change first', () => {
  expect(helpless.toSorted()).toEqual([
    'already-in-room',
    'bad-request',
    'channel-too-small',
    'insecure-context',
    'link-malformed',
    'manifest-invalid',
    'protocol-mismatch',
    'root-mismatch',
    'sender-stopped',
    'share-expired',
    'share-not-found',
    'share-taken',
    'source-changed',
    'source-unreadable',
    'too-many-files',
    'too-many-shares',
    'webrtc-missing',
  ]);
});

test.each([
  'connection-lost',
  'sender-left',
  'connect-timeout',
  'signaling-unreachable',
  'storage-full',
] as const)('another try is offered after %s', (reason) => {
  expect(CAN_TRY_AGAIN[reason]).toBe(true);
});
