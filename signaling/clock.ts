/** Milliseconds since any fixed moment; never runs backwards. */
export type Clock = () => number;
