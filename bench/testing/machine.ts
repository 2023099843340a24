import type { Machine } from '../report/machine.ts';

/** A machine for reports; its processor's name has what HTML and SVG want escaped. */
export const MACHINE: Machine = {
  processor: 'A & B',
  processors: 2,
  memoryGib: 4,
  kernel: 'Linux 6',
  browser: 'Chromium 156',
  node: 'v20',
  congestionControl: 'bbr',
  commit: 'abc1234',
  date: '2026-11-22T10:00:00.000Z',
};
