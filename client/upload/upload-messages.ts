import type { ErrorReason } from '../errors/error-reason.ts';
import type { Manifest } from '../share/manifest.ts';
import type { SendLimits } from './tus-sender.ts';

/** What the upload worker is to do. */
export interface UploadOrder {
  readonly manifest: Manifest;
  readonly key: CryptoKey;
  /** where uploads are created, absolute */
  readonly endpoint: string;
  /** of the upload that is gone on with; null for a new one */
  readonly id: string | null;
  /** tus metadata for a new one, but for what follows from the manifest */
  readonly metadata: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  /** what differs from `SEND_LIMITS` */
  readonly limits: Partial<SendLimits>;
}

/** From the page to the upload worker. */
export type UploadCommand =
  | { readonly type: 'start'; readonly order: UploadOrder }
  | {
      readonly type: 'piece';
      readonly piece: number;
      readonly hash: Uint8Array<ArrayBuffer>;
      readonly bytes: Uint8Array<ArrayBuffer>;
    }
  | { readonly type: 'hashes'; readonly hashes: Uint8Array<ArrayBuffer> }
  | { readonly type: 'unreadable'; readonly reason: ErrorReason }
  | { readonly type: 'pause' }
  | { readonly type: 'resume' };

/** From the upload worker to the page. */
export type UploadEvent =
  /** these pieces are wanted, in this order */
  | { readonly type: 'pieces-wanted'; readonly pieces: readonly number[] }
  /** the hashes of the pieces `first` to before `end` are wanted */
  | { readonly type: 'hashes-wanted'; readonly first: number; readonly end: number }
  | { readonly type: 'created'; readonly id: string }
  /** in bytes of files */
  | { readonly type: 'progress'; readonly sent: number; readonly stored: number }
  /** it waits, for this reason; null: it goes on */
  | { readonly type: 'waiting'; readonly reason: ErrorReason | null }
  | { readonly type: 'complete' }
  | { readonly type: 'failed'; readonly reason: ErrorReason };
