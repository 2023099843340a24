import { CLAIM_LAPSE_MS, type UploadSummary } from '../protocol/uploads.ts';
import type { Claim } from './claim.ts';

/** The most claims of each kind that are kept of an upload; it bounds uploads that have no limit of downloads. */
export const MAX_KEPT_CLAIMS = 1_000;

/** Why an upload ended: by its sender, by another of the same sender, by time, or by the last download it was for. */
export type EndReason = 'deleted' | 'replaced' | 'expired' | 'downloaded';

/** What a sender left, or is leaving, with the server. */
export interface OpenUpload {
  readonly type: 'open';
  readonly id: string;
  readonly share: string;
  readonly verifier: string;
  readonly owner: string;
  readonly salt: string;
  /** sealed bytes of one record, of the preface, and of all */
  readonly unit: number;
  readonly preface: number;
  readonly length: number;
  /** bytes that are here, in whole records */
  readonly offset: number;
  /** wall clock, ms */
  readonly expiresAt: number;
  /** 0 is no limit */
  readonly downloadLimit: number;
  readonly downloads: number;
  readonly claims: readonly Claim[];
}

/** An upload, or why there is none any more. */
export type Upload = OpenUpload | { readonly type: 'ended'; readonly reason: EndReason };

/** How much of `bytes` is whole records; all of it at the end, where the last record may be shorter. */
export function wholeUnits({ unit, length }: OpenUpload, bytes: number): number {
  return bytes >= length ? length : bytes - (bytes % unit);
}

/** `bytes` bytes are here now; what is no whole record does not count. */
export function receive(upload: OpenUpload, bytes: number): OpenUpload {
  return { ...upload, offset: wholeUnits(upload, bytes) };
}

/** Takes what time did into account: `now` by the clock that never runs back, `wallNow` by the wall. */
export function settle(upload: OpenUpload, now: number, wallNow: number): Upload {
  if (upload.expiresAt <= wallNow) return { type: 'ended', reason: 'expired' };
  const claims = upload.claims.filter((claim) => !hasLapsed(claim, now));
  return claims.length === upload.claims.length ? upload : { ...upload, claims };
}

function hasLapsed(claim: Claim, now: number): boolean {
  return claim.type === 'active' && claim.open === 0 && claim.usedAt + CLAIM_LAPSE_MS <= now;
}

/** What came of asking for a claim. */
export type ClaimStep =
  | { readonly type: 'claimed'; readonly upload: OpenUpload }
  | { readonly type: 'refused'; readonly code: 'download-limit-reached' | 'too-many-requests' };

/** A receiver asks for its download; one that has a claim keeps it. The upload is settled. */
export function claim(
  upload: OpenUpload,
  { id, receiver }: { readonly id: string; readonly receiver: string },
  now: number,
): ClaimStep {
  const own = upload.claims.find((other) => other.id === id);
  if (own !== undefined) {
    const renewed = own.type === 'active' ? { ...own, usedAt: now } : own;
    return { type: 'claimed', upload: swap(upload, own, renewed) };
  }
  if (claimable(upload) === 0) return { type: 'refused', code: 'download-limit-reached' };
  if (activeClaims(upload) >= MAX_KEPT_CLAIMS)
    return { type: 'refused', code: 'too-many-requests' };
  const added: Claim = { type: 'active', id, receiver, open: 0, usedAt: now };
  return { type: 'claimed', upload: { ...upload, claims: [...upload.claims, added] } };
}

/** A content request by this claim begins; undefined when there is no such claim. The upload is settled. */
export function use(upload: OpenUpload, id: string, now: number): OpenUpload | undefined {
  const used = upload.claims.find((claim) => claim.id === id);
  if (used === undefined) return undefined;
  if (used.type === 'confirmed') return upload;
  return swap(upload, used, { ...used, open: used.open + 1, usedAt: now });
}

/** A content request by this claim is over. */
export function release(upload: OpenUpload, id: string, now: number): OpenUpload {
  const used = upload.claims.find((claim) => claim.id === id);
  if (used === undefined || used.type === 'confirmed') return upload;
  return swap(upload, used, { ...used, open: Math.max(0, used.open - 1), usedAt: now });
}

/** A receiver wants its download no more: its place is another's. One that was counted stays counted. */
export function giveBack(upload: OpenUpload, id: string): OpenUpload {
  const isGiven = (claim: Claim) => claim.type === 'active' && claim.id === id;
  return { ...upload, claims: upload.claims.filter((claim) => !isGiven(claim)) };
}

/** What came of a receipt: how many downloads there were, and the upload, which ends with the last that it is for. */
export interface ReceiptStep {
  readonly upload: Upload;
  readonly downloads: number;
}

/** A receiver says that it has everything; counted once. Undefined when there is no such claim. The upload is settled. */
export function confirm(upload: OpenUpload, id: string): ReceiptStep | undefined {
  const confirmed = upload.claims.find((claim) => claim.id === id);
  if (confirmed === undefined) return undefined;
  if (confirmed.type === 'confirmed') return { upload, downloads: upload.downloads };
  const downloads = upload.downloads + 1;
  if (downloads === upload.downloadLimit) {
    return { upload: { type: 'ended', reason: 'downloaded' }, downloads };
  }
  const { receiver } = confirmed;
  const claims = upload.claims.filter((claim) => claim !== confirmed);
  const kept = withoutOldest([...claims, { type: 'confirmed', id, receiver }]);
  return { upload: { ...upload, downloads, claims: kept }, downloads };
}

function withoutOldest(claims: readonly Claim[]): readonly Claim[] {
  const confirmed = claims.filter(({ type }) => type === 'confirmed');
  const tooMany = new Set(confirmed.slice(0, Math.max(0, confirmed.length - MAX_KEPT_CLAIMS)));
  return claims.filter((claim) => !tooMany.has(claim));
}

function activeClaims({ claims }: OpenUpload): number {
  return claims.filter(({ type }) => type === 'active').length;
}

function claimable(upload: OpenUpload): number | null {
  if (upload.downloadLimit === 0) return null;
  return Math.max(0, upload.downloadLimit - upload.downloads - activeClaims(upload));
}

/** What pages are told of a settled upload. */
export function summarize(upload: OpenUpload, wallNow: number): UploadSummary {
  const { id, length, offset, salt, unit, preface, downloadLimit, downloads } = upload;
  const expiresInMs = Math.max(0, Math.round(upload.expiresAt - wallNow));
  const complete = offset === length;
  const fixed = { id, length, offset, complete, salt, unit, preface, expiresInMs };
  return { ...fixed, downloadLimit, downloads, claimable: claimable(upload) };
}

function swap(upload: OpenUpload, old: Claim, next: Claim): OpenUpload {
  return { ...upload, claims: upload.claims.map((claim) => (claim === old ? next : claim)) };
}
