/** Where an upload's bytes are put, in order. Only one is open for an upload at a time. */
export interface UploadWriter {
  /** Puts all of `bytes` behind what is there. */
  write(bytes: Uint8Array): Promise<void>;
  /** Starts bringing to disk what was written so far, for the next `sync` to take less long; does not wait. */
  flush(): void;
  /** Cuts off everything from `size` on. */
  truncate(size: number): Promise<void>;
  /** Resolves once everything written is safe from a loss of power. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** Gives an upload's bytes, also while more of them are written. */
export interface UploadReader {
  /** Fills `target` from `position` on. @throws when there are fewer bytes */
  read(target: Uint8Array, position: number): Promise<void>;
  close(): Promise<void>;
}

/**
 * Keeps uploads: for each the bytes and a small record. What was created, saved or removed is safe from a loss of power
 * once the call resolves. Ids are `uploadIdSchema`'s.
 *
 * @throws UploadError `server-storage-full` where there is no room, `upload-not-found` where there is no such upload
 */
export interface UploadStore {
  /** Makes the place where uploads are kept, takes it for this process, and removes what belongs to no upload. */
  open(): Promise<void>;
  /** Lets another process have the place; nothing is written any more. */
  close(): Promise<void>;
  /** The uploads that have both a record and bytes. */
  list(): Promise<readonly string[]>;
  /** Adds an upload without bytes; leaves nothing if it fails. */
  create(id: string, record: string): Promise<void>;
  record(id: string): Promise<string>;
  /** Puts another record in the old one's place: after a crash it is either of them, whole. */
  saveRecord(id: string, record: string): Promise<void>;
  /** How many bytes there are. */
  size(id: string): Promise<number>;
  /** Opens an upload to write from `size` on; what is behind is cut off. */
  writer(id: string, size: number): Promise<UploadWriter>;
  reader(id: string): Promise<UploadReader>;
  /** Removes an upload, or what is left of it. */
  remove(id: string): Promise<void>;
  /** Bytes that the disk has left. */
  freeBytes(): Promise<number>;
}
