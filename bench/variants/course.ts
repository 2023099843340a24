/** What follows the course of a transfer. */
export interface Course {
  /** everything is prepared: what was done until now does not count */
  readonly onReady: () => Promise<void>;
  /** the clock of the transfer starts */
  readonly onBegun: () => void;
  /** it has stopped */
  readonly onEnded: () => Promise<void>;
}
