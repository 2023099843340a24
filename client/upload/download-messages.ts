import type { ErrorReason } from '../errors/error-reason.ts';

/** How a download asks, and what it waits for; times in milliseconds. */
export interface FetchLimits {
  /** how many ranges are asked for at once; to be measured */
  readonly ranges: number;
  /** how many records one range has at most, about 4 MiB; to be measured */
  readonly records: number;
  /** without a record it gives up after this long */
  readonly giveUpMs: number;
  /** where nothing comes for this long, it is asked whether the server still has something to wait for */
  readonly silentMs: number;
  /** how often it looks at the clock */
  readonly lookMs: number;
  /** pauses between attempts; the last one is repeated */
  readonly pausesMs: readonly number[];
}

/** Bytes of an upload's stream that are wanted in one. */
export interface Cut {
  /** by which the page knows them */
  readonly id: number;
  readonly start: number;
  readonly end: number;
}

/** Where a download worker reads. */
export interface DownloadOrder {
  /** of the share's content, absolute */
  readonly url: string;
  readonly key: CryptoKey;
  /** what is shown to the server, until `token` says another */
  readonly token: string;
  /** how long the upload's stream is */
  readonly streamBytes: number;
  /** what differs from `FETCH_LIMITS` */
  readonly limits: Partial<FetchLimits>;
}

/** From the page to the download worker. */
export type DownloadCommand =
  | { readonly type: 'open'; readonly order: DownloadOrder }
  /** shows this to the server from now on, and asks again for what was refused */
  | { readonly type: 'token'; readonly token: string }
  | { readonly type: 'fetch'; readonly cuts: readonly Cut[] }
  | { readonly type: 'drop'; readonly ids: readonly number[] }
  /** reads nothing more, or goes on */
  | { readonly type: 'hold'; readonly held: boolean }
  /** asks anew for what has been silent: its connections are dead */
  | { readonly type: 'renew' };

/** Bytes that were wanted. */
export interface ReadCut {
  readonly id: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** From the download worker to the page. */
export type DownloadEvent =
  /** the first bytes of a range are here */
  | { readonly type: 'began' }
  | { readonly type: 'read'; readonly cuts: readonly ReadCut[] }
  /** nothing has come for a while; the earliest byte of the sealed upload that is waited for */
  | { readonly type: 'silent'; readonly from: number }
  /** the server will not have it; nothing more is asked for until `token` */
  | { readonly type: 'refused'; readonly reason: ErrorReason }
  | { readonly type: 'failed'; readonly reason: ErrorReason };
