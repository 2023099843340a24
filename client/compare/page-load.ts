/** How often the page is looked at, in milliseconds, … */
const LOOK_MS = 100;
/** …and how late it may be without having been busy: timers are exact to a few milliseconds. */
const LATE_MS = 8;
/** Fewer looks say nothing. */
const LEAST_LOOKS = 5;

/** Measures how often a page is too busy to answer at once. */
export interface PageLoad {
  /** Ends it. @returns of the looks, how many found it busy: 0 to 1; null where it was hidden, or for too short a time */
  stop(): number | null;
}

/** Begins to look. A hidden page's timers are late for another reason: then nothing is said. */
export function watchPageLoad(): PageLoad {
  let looks = 0;
  let late = 0;
  let hidden = document.hidden;
  let dueAt = performance.now() + LOOK_MS;
  let timer = setTimeout(look, LOOK_MS);
  function look(): void {
    const now = performance.now();
    looks += 1;
    if (now - dueAt > LATE_MS) late += 1;
    hidden ||= document.hidden;
    dueAt = now + LOOK_MS;
    timer = setTimeout(look, LOOK_MS);
  }
  return {
    stop() {
      clearTimeout(timer);
      return hidden || looks < LEAST_LOOKS ? null : late / looks;
    },
  };
}
