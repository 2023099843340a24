import type { FileSummary } from '../session/file-summary.ts';
import type { KeptState } from '../session/kept-state.ts';
import type { ReceiveState, StorageFit } from '../session/receive-state.ts';
import type { Progress } from '../session/progress.ts';
import type { Receiver, ReceiverStatus, SendState } from '../session/send-state.ts';
import type { TransferDetails } from '../session/transfer-details.ts';
import { fullNumberSet } from '../share/number-set.ts';

/** For tests: a file, or where the name ends with `/` an empty folder. */
export function sampleFile(name: string, size = 0): FileSummary {
  return { name, size, folder: name.endsWith('/') };
}

/** For tests: names that are hard to draw. */
export const SAMPLE_FILES = [
  sampleFile('ridge.mov', 48_000_000),
  sampleFile('notes "final"  📝.txt'),
  sampleFile('צילום מסך (3).png', 16_000_000),
];

/** For tests: files in folders, and an empty folder. */
export const SAMPLE_FOLDERS = [
  sampleFile('trip/day 1/ridge.mov', 48_000_000),
  sampleFile('trip/day 1/camp.jpg', 4_000_000),
  sampleFile('trip/day 2/lake.jpg', 11_000_000),
  sampleFile('trip/day 2/sketches/'),
  sampleFile('trip/map.pdf', 1_000_000),
  sampleFile('read me.txt', 2_000),
];

export const SAMPLE_LINK = 'https://onehop.example/#q1Zk3m0bVw9cD4yRt7uXpA';

/** For tests: so many bytes of 64 MB. */
export function sampleProgress(bytes: number, rate: number | null = null): Progress {
  const totalBytes = 64_000_000;
  const secondsLeft = rate === null ? null : (totalBytes - bytes) / rate;
  return { bytes, totalBytes, rate, secondsLeft };
}

/** For tests: the receiver with this number. */
export function sampleReceiver(
  number: number,
  status: ReceiverStatus,
  progress: Progress = sampleProgress(0),
): Receiver {
  return { id: `receiver-${number}`, number, status, progress };
}

/** For tests: an open share with these receivers. */
export function sampleSharing(receivers: readonly Receiver[] = []) {
  return {
    type: 'sharing',
    files: SAMPLE_FILES,
    link: SAMPLE_LINK,
    receivers,
    online: true,
    failures: [],
  } as const satisfies SendState;
}

/** For tests: there is room for everything, and no folder can be picked. */
export const SAMPLE_STORAGE = {
  fits: true,
  neededBytes: 70_400_000,
  availableBytes: 2_000_000_000,
  reclaimable: { count: 0, bytes: 0 },
  canPickFolder: false,
} as const satisfies StorageFit;

export const SAMPLE_OFFERED = {
  type: 'offered',
  files: SAMPLE_FILES,
  selected: fullNumberSet(3),
  selectedBytes: 64_000_000,
  storage: SAMPLE_STORAGE,
} as const satisfies ReceiveState;

export const SAMPLE_RECEIVING = {
  type: 'receiving',
  files: SAMPLE_FILES,
  selected: fullNumberSet(3),
  progress: sampleProgress(16_000_000, 4_000_000),
  phase: 'transferring',
  failures: [],
  place: { type: 'browser' },
} as const satisfies ReceiveState;

export const SAMPLE_PAUSED = {
  type: 'paused',
  files: SAMPLE_FILES,
  selected: fullNumberSet(3),
  progress: sampleProgress(16_000_000),
  by: 'you',
  reason: null,
  failures: [],
  place: { type: 'browser' },
} as const satisfies ReceiveState;

export const SAMPLE_DONE = {
  type: 'done',
  files: SAMPLE_FILES,
  selected: fullNumberSet(3),
  failures: [],
  totalBytes: 64_000_000,
  seconds: 12.8,
  place: { type: 'browser' },
  packing: null,
  saveFailure: null,
} as const satisfies ReceiveState;

export const SAMPLE_FAILED = {
  type: 'failed',
  reason: 'connection-lost',
  files: SAMPLE_FILES,
  failures: [],
  kept: sampleProgress(12_000_000),
  retrying: false,
} as const satisfies ReceiveState;

/** For tests: a transfer that was looked at three times, half a second apart. */
export const SAMPLE_DETAILS = {
  report: {
    lanes: 4,
    roundTripMs: 41.6,
    path: 'direct',
    windowBytes: 512_000,
    firstByteMs: 87.4,
    travelledBytes: 1_000,
    plainBytes: 7_000,
  },
  rate: 4_000_000,
  history: {
    samples: [
      { at: 0, bytes: 0 },
      { at: 500, bytes: 1_000_000 },
      { at: 1_000, bytes: 4_000_000 },
    ],
    gapMs: 0,
  },
  ended: false,
} as const satisfies TransferDetails;

/** For tests: two downloads, one of which another tab is at, and a share. */
export const SAMPLE_KEPT: KeptState = {
  downloads: [
    {
      id: 'first',
      address: '/#q1Zk3m0bVw9cD4yRt7uXpA',
      name: 'ridge.mov',
      fileCount: 3,
      bytes: 12_000_000,
      totalBytes: 64_000_000,
      complete: false,
      touchedAt: 0,
      inUse: false,
    },
    {
      id: 'second',
      address: '/#AAAAAAAAAAAAAAAAAAAAAA',
      name: 'disk image.iso',
      fileCount: 1,
      bytes: 4_000_000_000,
      totalBytes: 5_000_000_000,
      complete: false,
      touchedAt: 0,
      inUse: true,
    },
  ],
  shares: [
    {
      id: 'third',
      name: 'thesis.pdf',
      fileCount: 1,
      totalBytes: 3_000_000,
      touchedAt: 0,
      uploaded: true,
    },
  ],
};
