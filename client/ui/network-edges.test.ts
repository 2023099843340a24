import { expect, test } from 'vitest';
import { edgesOfRow, edgesOfStep } from './network-edges.ts';

const run = (
  method: 'direct' | 'relayed' | 'stored' | 'streamed',
  leg: 'upload' | 'download' | 'whole',
) =>
  edgesOfStep({ type: 'run', method, round: 0, leg, fraction: 0.25 }, 400).map(
    ({ from, to, bytes }) => `${from} to ${to}: ${bytes}`,
  );

test('a run that is being made has gone over the lines that it takes, as far as it is', () => {
  expect(run('direct', 'whole')).toEqual(['sender to receiver: 100']);
  expect(run('streamed', 'whole')).toEqual(['sender to server: 100', 'server to receiver: 100']);
  expect(run('relayed', 'whole')).toEqual(['sender to server: 100', 'server to receiver: 100']);
  expect(run('stored', 'upload')).toEqual(['sender to server: 100', 'server to receiver: 0']);
  expect(run('stored', 'download')).toEqual(['sender to server: 400', 'server to receiver: 100']);
});

test('what was measured says what went over them', () => {
  expect(edgesOfRow({ uplinkBytes: 7, serverBytes: 0 })).toEqual([
    { from: 'sender', to: 'receiver', bytes: 7 },
  ]);
  expect(edgesOfRow({ uplinkBytes: 7, serverBytes: 12 }).map(({ bytes }) => bytes)).toEqual([7, 5]);
});
