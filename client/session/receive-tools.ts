import type { LegProbe } from '../compare/prediction.ts';
import type { ShareSecret } from '../share/link.ts';
import type { ShareKeys } from '../share/share-keys.ts';
import type { DownloadRecord } from '../sink/download-record.ts';
import type { KeptPiece, PieceStore } from '../transfer/receipt.ts';
import type { ServerSourceListener } from '../transfer/server-source.ts';
import type { FileFailure } from './file-summary.ts';
import type { ReceivePlace, StorageFit } from './receive-state.ts';
import type { ClaimHandle, ServerSourceHandle } from './server-link.ts';
import type { SessionTools } from './session-tools.ts';

/** Where the user wants the files. */
export type StorePlan =
  | { readonly type: 'browser' }
  | { readonly type: 'folder'; readonly handle: FileSystemDirectoryHandle };

/** What changes in a download's record. */
export interface RecordChange {
  readonly paused?: boolean;
  readonly complete?: boolean;
  /** its place among the server's downloads; null once that needs no receipt any more */
  readonly claim?: string | null;
  readonly failed?: readonly FileFailure[];
  /** when the user had all of it saved; milliseconds since 1970 */
  readonly savedAt?: number;
}

/** A store that a session opens and ends. */
export interface StoreHandle extends PieceStore {
  /** Makes it the store of this download, which from now on outlives the page. */
  begin(record: DownloadRecord, plan: StorePlan): Promise<ReceivePlace>;
  /** What it has, verified. @throws {OnehopError} `folder-refused` where the folder has to be allowed anew */
  recover(): Promise<readonly KeptPiece[]>;
  /** Has the user allow the folder anew; on a click. @throws {OnehopError} `folder-refused` */
  allowFolder(): Promise<void>;
  note(change: RecordChange): Promise<void>;
  read(file: number): Promise<Blob>;
  /** Every file that was received, in one archive. @param onProgress told how much of it is made, 0 to 1 */
  zip(onProgress: (fraction: number) => void, signal: AbortSignal): Promise<Blob>;
  /** Removes everything. */
  discard(): Promise<void>;
  /** Lets go of it, once what was begun is done; what it has is kept. */
  close(): void;
  /** Ends once it was let go of or removed: then it can be found again. */
  readonly closed: Promise<void>;
}

/** A store that an earlier page left. */
export interface ReopenedStore {
  readonly store: StoreHandle;
  readonly record: DownloadRecord;
  readonly place: ReceivePlace;
  readonly paused: boolean;
  readonly complete: boolean;
  /** its place among the server's downloads, which has not been confirmed; null where it has none */
  readonly claim: string | null;
  readonly failed: readonly FileFailure[];
  /** what it has, before that is verified */
  readonly bytes: number;
}

/** What a receiving session is made of. */
export interface ReceiveTools extends SessionTools {
  /** What the server has of a share, as a source. */
  openServerSource(
    secret: ShareSecret,
    keys: ShareKeys,
    listener: ServerSourceListener,
  ): ServerSourceHandle;
  /** Probes this page's line from the server. @returns null where nothing came of it */
  probeDownload(signal: AbortSignal): Promise<LegProbe | null>;
  /** A place among the server's downloads that an earlier page took. */
  openClaim(keys: ShareKeys, token: string): ClaimHandle;
  openStore(): Promise<StoreHandle>;
  /** The store that is kept of this share, if any and if no other page is at it. */
  reopenStore(secret: ShareSecret): Promise<ReopenedStore | null>;
  measureFit(bytes: number): Promise<StorageFit>;
  /** Deletes the oldest downloads that are kept of other shares until so many bytes fit. */
  makeRoom(bytes: number): Promise<void>;
  /** Has the user pick a folder; on a click. Null where the user did not. @throws {OnehopError} `folder-refused` */
  pickFolder(): Promise<FileSystemDirectoryHandle | null>;
  /** Saves through a browser download. @param path of the file in its share, made safe here */
  saveFile(content: Blob, path: string): void;
}
