import type { LegProbe } from '../compare/prediction.ts';

/** What is known of the ways where they are weighed. */
export interface Scales {
  /** how fast the direct way is now, in bytes of the files per second */
  readonly directRate: number;
  /** what is still to come, in bytes */
  readonly leftBytes: number;
  /** the sender's line to the server; null where it is not known */
  readonly upload: LegProbe | null;
  /** the receiver's line from the server */
  readonly download: LegProbe;
  /** what the sender has still to upload, in bytes: all of the share where nothing is there yet */
  readonly uploadBytes: number;
}

/** How long a way is expected to take for what is still to come, and between which times four of five should lie; in ms. */
export interface ExpectedTime {
  readonly ms: number;
  readonly lowMs: number;
  readonly highMs: number;
}

/** What the ways are expected to take. */
export interface Weighed {
  readonly direct: ExpectedTime;
  readonly server: ExpectedTime;
  /** the one with the shorter time, by enough to be worth the change */
  readonly faster: 'direct' | 'server';
}

/** The server is expected to be so many times as fast, or the transfer stays on the direct way: expectations err, and a change costs. */
export const LEAST_GAIN = 1.15;
/** And to save so much time, in milliseconds. */
export const LEAST_SAVING_MS = 1_000;

/** By how many times a probe errs in four of five comparisons: as in `predict`, where nothing was learned yet. */
const REACH = 1.4;

/**
 * Weighs what is left of a transfer: directly at the rate of now; through the server at the rate of its slower line, which
 * has all of the share to carry where the sender's is it. Pure. @returns null where nothing can be expected of the server
 */
export function weighWays(scales: Scales): Weighed | null {
  const { directRate, leftBytes } = scales;
  const serverMs = serverTime(scales);
  if (serverMs === null) return null;
  const directMs = (leftBytes / Math.max(1, directRate)) * 1_000;
  const gains = directMs > serverMs * LEAST_GAIN && directMs > serverMs + LEAST_SAVING_MS;
  return {
    direct: about(directMs),
    server: about(serverMs),
    faster: gains ? 'server' : 'direct',
  };
}

function serverTime({ upload, download, uploadBytes, leftBytes }: Scales): number | null {
  const downMs = download.startMs + lineTime(download, leftBytes);
  if (uploadBytes <= 0) return downMs;
  if (upload === null) return null;
  // What is uploaded last has still to come down.
  const upMs = upload.startMs + lineTime(upload, uploadBytes) + download.startMs;
  return Math.max(upMs, upload.startMs + downMs);
}

function lineTime({ bytesPerSecond }: LegProbe, bytes: number): number {
  return (bytes / Math.max(1, bytesPerSecond)) * 1_000;
}

function about(ms: number): ExpectedTime {
  return { ms, lowMs: ms / REACH, highMs: ms * REACH };
}
