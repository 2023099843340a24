import type { KeptShareHandle } from '../kept-share/share-keeper.ts';
import type { ShareRecord } from '../kept-share/share-record.ts';
import { createSecret } from '../share/link.ts';
import type { Manifest } from '../share/manifest.ts';
import { deriveShareKeys } from '../share/share-keys.ts';
import type { ShareUploadTools } from './share-upload.ts';

/** What a held share is made of. */
export interface HeldShareTools {
  readonly uploads: Pick<ShareUploadTools['uploads'], 'delete'>;
  /** Begins to keep a share for a later page; null where this browser cannot. */
  keepShare(record: ShareRecord): Promise<KeptShareHandle | null>;
  /** Takes up a kept share, null: the one that this tab was at; null where there is none. */
  takeUpShare(id: string | null): Promise<KeptShareHandle | null>;
}

/** How the files of a share are to go. */
export type Sending = Pick<ShareRecord, 'sendBy' | 'choice'>;

/** What a sending page holds for a later page of its share. */
export class HeldShare {
  readonly #tools: HeldShareTools;
  #kept: KeptShareHandle | null = null;

  constructor(tools: HeldShareTools) {
    this.#tools = tools;
  }

  /** What is kept; null where nothing is. */
  get record(): ShareRecord | null {
    return this.#kept?.record ?? null;
  }

  /** Where the hashes of the pieces that were read are kept. */
  get journal(): FileSystemFileHandle | null {
    return this.#kept?.journal ?? null;
  }

  /** Takes up what an earlier page kept. @param wanted asked once it is there: whether it is still wanted */
  async takeUp(id: string | null, wanted: () => boolean): Promise<ShareRecord | null> {
    const kept = await this.#tools.takeUpShare(id).catch(() => null);
    if (kept === null) return null;
    if (!wanted()) {
      kept.release();
      return null;
    }
    this.#kept = kept;
    return kept.record;
  }

  /** Begins to keep a share, unless one is held already. @param wanted as for `takeUp` */
  async keep(
    manifest: Manifest,
    { sendBy, choice }: Sending,
    wanted: () => boolean,
  ): Promise<void> {
    if (this.#kept !== null) return;
    const kept = await this.#tools.keepShare({
      secret: createSecret(),
      manifest,
      membership: null,
      upload: null,
      sendBy,
      choice,
      createdAt: Date.now(),
    });
    if (wanted()) this.#kept = kept;
    else void kept?.remove();
  }

  noteMembership(membership: NonNullable<ShareRecord['membership']>): void {
    this.#kept?.noteMembership(membership);
  }

  noteUpload(upload: ShareRecord['upload']): void {
    this.#kept?.noteUpload(upload);
  }

  noteSending(sending: Sending): void {
    this.#kept?.noteSending(sending);
  }

  /** Of a share that is given up, the server is to keep nothing; what cannot be deleted now expires. */
  deleteUpload(): void {
    const record = this.record;
    const owner = record?.upload?.owner;
    if (record === null || owner === undefined) return;
    deriveShareKeys(record.secret)
      .then((keys) => this.#tools.uploads.delete(keys, owner, new AbortController().signal))
      .catch(() => {});
  }

  /** Keeps the share no longer, or leaves it to a later page. */
  letGo(forget: boolean): void {
    if (forget) void this.#kept?.remove();
    else this.#kept?.release();
    this.#kept = null;
  }
}
