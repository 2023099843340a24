import type { UploadSummary } from '../../signaling/protocol/uploads.ts';
import * as v from 'valibot';
import type { ShareSecret } from '../share/link.ts';
import type { UploadPhase } from './upload-machine.ts';
import type { Weighed } from './weigh-ways.ts';
import { LONGEST_LIFETIME_HOURS } from './upload-lifetimes.ts';

/** How a sender wants its files to go. `any`: the way that is expected to be faster; the direct one where nothing is known. */
export type SendBy = v.InferOutput<typeof sendBySchema>;

/** Checks that a value from outside is one. */
export const sendBySchema = v.picklist(['direct', 'server', 'any']);

/** How long a share stays on the server, and how many downloads there may be; 0 for any number. */
export type UploadChoice = v.InferOutput<typeof uploadChoiceSchema>;

/** Checks that a value from outside is one. */
export const uploadChoiceSchema = v.strictObject({
  lifetimeHours: v.pipe(v.number(), v.gtValue(0)),
  downloadLimit: v.pipe(v.number(), v.integer(), v.minValue(0)),
});

/** What a sender who says nothing wants. */
export const FIRST_CHOICE: UploadChoice = { lifetimeHours: 24, downloadLimit: 0 };

/** What a sending page shows of how its files go. */
export interface SendDelivery {
  readonly sendBy: SendBy;
  readonly choice: UploadChoice;
  /** whether this server keeps files for shares; true until it says that it does not */
  readonly offered: boolean;
  /** how long this server keeps them at most; the longest of all servers until it says that it allows less */
  readonly maxLifetimeHours: number;
  /** somebody who opened the link has waited for a direct connection in vain */
  readonly blocked: boolean;
  readonly upload: UploadPhase;
}

/** What a sending page begins with. */
export const FIRST_DELIVERY: SendDelivery = {
  sendBy: 'any',
  choice: FIRST_CHOICE,
  offered: true,
  maxLifetimeHours: LONGEST_LIFETIME_HOURS,
  blocked: false,
  upload: { type: 'none' },
};

/** Which way a transfer goes: straight across, from a finished upload, or while it is uploaded. */
export type Method = 'direct' | 'stored' | 'streamed';

/** What the server has of a share, as its receiver sees it. */
export interface HeldUpload {
  readonly complete: boolean;
  /** milliseconds since 1970 */
  readonly expiresAt: number;
  /** how many downloads are allowed; 0 for any number */
  readonly downloadLimit: number;
}

/** What a receiving page shows of how its files come. */
export interface ReceiveDelivery {
  /** null while they come over no way */
  readonly method: Method | null;
  /** null where the server has nothing */
  readonly upload: HeldUpload | null;
  /** the comparison that the sender asks this page into; null where it does not */
  readonly invitation: ShareSecret | null;
  /** what the ways are expected to take; null where they were not weighed */
  readonly weighed: Weighed | null;
}

/** What a receiving page begins with. */
export const NO_DELIVERY: ReceiveDelivery = {
  method: null,
  upload: null,
  invitation: null,
  weighed: null,
};

/** What the server has, as its receiver sees it. @param wallTime in ms since 1970 */
export function heldUpload(upload: UploadSummary | null, wallTime: number): HeldUpload | null {
  if (upload === null) return null;
  const { complete, expiresInMs, downloadLimit } = upload;
  return { complete, expiresAt: wallTime + expiresInMs, downloadLimit };
}
