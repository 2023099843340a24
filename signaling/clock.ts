/** Milliseconds since any fixed moment; never runs backwards. */
export type Clock = () => number;

/** Milliseconds since 1970; may be set. For moments that outlive a restart, and nothing else. */
export type WallClock = () => number;
