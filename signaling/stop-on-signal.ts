/** npm passes Ctrl-C on to a process that the terminal has sent it to already; that is one wish and not two. */
const ECHO_MS = 300;

/** The process ends after this time in any case, in milliseconds. */
const LONGEST_STOP_MS = 1_800;

/**
 * Ends the process on SIGINT and SIGTERM: `stop` closes everything, whereupon nothing holds the process any longer.
 * A second signal ends it at once, with exit code 1.
 */
export function stopOnSignal(stop: () => Promise<void>): void {
  let stoppingSince: number | undefined;
  const onSignal = () => {
    const now = performance.now();
    if (stoppingSince === undefined) {
      stoppingSince = now;
      setTimeout(() => process.exit(0), LONGEST_STOP_MS).unref();
      stop().catch(() => process.exit(1));
    } else if (now - stoppingSince > ECHO_MS) {
      process.exit(1);
    }
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
}
