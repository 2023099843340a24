import { MAX_RUN_SAMPLES, type RunSample } from './comparison.ts';

/** How far a run was at each of its times; of a long run fewer, evenly. */
export class SampleLog {
  #samples: RunSample[] = [];
  #gapMs = 0;
  #last: RunSample | null = null;

  /** Notes so many bytes at so many milliseconds of the run; times do not run backwards. */
  note(atMs: number, bytes: number): void {
    const sample = { atMs: Math.max(0, atMs), bytes };
    this.#last = sample;
    const before = this.#samples.at(-1);
    if (before !== undefined && sample.atMs - before.atMs < this.#gapMs) return;
    this.#samples.push(sample);
    if (this.#samples.length < MAX_RUN_SAMPLES) return;
    this.#samples = this.#samples.filter((_, index) => index % 2 === 0);
    this.#gapMs = (2 * (sample.atMs - (this.#samples[0]?.atMs ?? 0))) / MAX_RUN_SAMPLES;
  }

  /** The samples, the last one included. */
  get samples(): readonly RunSample[] {
    const last = this.#last;
    if (last === null || this.#samples.at(-1) === last) return this.#samples;
    return [...this.#samples, last];
  }
}
