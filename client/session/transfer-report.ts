import type { LanePath } from '../peer/lane-path.ts';

/** How the bytes of a transfer travel. What a side does not know is null. */
export interface TransferReport {
  /** the lanes that are up */
  readonly lanes: number;
  /** of a ping on the main lane, in milliseconds */
  readonly roundTripMs: number | null;
  readonly path: LanePath | null;
  /** the bytes that may be asked for and not have arrived, over all lanes */
  readonly windowBytes: number | null;
  /** from the press of Receive to the first byte of a piece, in milliseconds */
  readonly firstByteMs: number | null;
  /** bytes that travelled, and the bytes that they stand for */
  readonly travelledBytes: number;
  readonly plainBytes: number;
}
