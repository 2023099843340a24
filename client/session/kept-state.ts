/** A download that an earlier page left, as the home page lists it. */
export interface KeptDownload {
  readonly id: string;
  /** the address that goes on with it, e.g. `/#secret` */
  readonly address: string;
  /** name of its first file */
  readonly name: string;
  readonly fileCount: number;
  /** verified and kept */
  readonly bytes: number;
  /** of the files that were selected */
  readonly totalBytes: number;
  readonly complete: boolean;
  /** milliseconds since 1970 */
  readonly touchedAt: number;
  /** another tab is at it right now */
  readonly inUse: boolean;
}

/** A share that an earlier page left open, as the home page lists it. */
export interface KeptShare {
  readonly id: string;
  readonly name: string;
  readonly fileCount: number;
  readonly totalBytes: number;
  readonly touchedAt: number;
  /** the server has the files, or a part of them, unless their time there is over */
  readonly uploaded: boolean;
}

/** What this browser keeps of earlier visits, the newest first. */
export interface KeptState {
  readonly downloads: readonly KeptDownload[];
  readonly shares: readonly KeptShare[];
}

/** What the user can do with what is kept. */
export interface KeptActions {
  deleteDownload(id: string): void;
  deleteShare(id: string): void;
}
