import { expect, test } from 'vitest';
import { HOPELESS, canTryAgain } from './can-try-again.ts';

test('another try is not offered where the link, the files or the page must change first', () => {
  expect([...HOPELESS].toSorted()).toEqual([
    'already-in-room',
    'bad-request',
    'channel-too-small',
    'insecure-context',
    'link-malformed',
    'manifest-invalid',
    'not-same-origin',
    'protocol-mismatch',
    'range-invalid',
    'root-mismatch',
    'sender-stopped',
    'share-expired',
    'share-not-found',
    'share-taken',
    'source-changed',
    'source-unreadable',
    'too-many-files',
    'too-many-shares',
    'upload-not-found',
    'upload-too-large',
    'uploads-off',
    'webrtc-missing',
    'wrong-type',
    'wrong-version',
  ]);
});

test.each([
  'connection-lost',
  'sender-left',
  'connect-timeout',
  'signaling-unreachable',
  'storage-full',
  'sender-cancelled',
  'folder-refused',
] as const)('another try is offered after %s', (reason) => {
  expect(canTryAgain(reason)).toBe(true);
});
