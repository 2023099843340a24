import type { BrowserContext } from 'playwright/test';

/** What pages complained about: errors on the console (a broken content security policy is one), and uncaught ones. */
export class PageProblems {
  readonly #problems: string[] = [];
  readonly #expected: RegExp;

  /** @param expected what is part of the test, e.g. the browser's own words on a server that is away */
  constructor(expected: RegExp) {
    this.#expected = expected;
  }

  /** Listens to every page of `context`, also to those that open later. */
  watch(context: BrowserContext): void {
    context.on('console', (message) => {
      if (message.type() !== 'error') return;
      this.#problems.push(`console: ${message.text()} (${message.location().url})`);
    });
    context.on('weberror', (error) => {
      this.#problems.push(`uncaught: ${error.error().stack ?? error.error().message}`);
    });
  }

  /** Adds what a page that is watched in another way complained about. */
  add(problem: string): void {
    this.#problems.push(problem);
  }

  /** Every problem so far that was not expected. */
  unexpected(): readonly string[] {
    return this.#problems.filter((problem) => !this.#expected.test(problem));
  }
}
