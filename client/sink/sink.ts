/**
 * Where verified bytes go. A sink lives in the worker that checks them; nothing is written that was not checked.
 * Every sink passes the suite in `sink-contract.ts`.
 */
export interface Sink {
  /**
   * Writes verified bytes of a file.
   * @param start in the file, in bytes
   * @throws {OnehopError} `storage-full` or `storage-failed`
   */
  write(file: number, start: number, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /**
   * The file as it stands, once all of its bytes were written; an empty file exists without a write.
   * @throws {OnehopError} `storage-failed`
   */
  read(file: number): Promise<Blob>;
  /** Makes what was written last: after it, a crash of the page loses nothing. */
  flush(): Promise<void>;
  /** Removes everything that was written and closes the sink. */
  discard(): Promise<void>;
}
