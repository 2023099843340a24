/** Bytes in a mebibyte: the length of a piece. */
export const MIB = 1024 * 1024;

/** Large enough that a test can act before it has arrived, on any machine. */
export const MIDWAY_BYTES = 64 * MIB;
