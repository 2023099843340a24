import type { LaunchOptions } from 'playwright/test';
import { withTemporaryFolder } from '../e2e/support/temporary-folder.ts';
import type { Input } from './files/input.ts';
import type { Lab } from './links/lab.ts';
import { openLab } from './links/open-lab.ts';
import { type Measured, beginMeasuring } from './measure/measuring.ts';
import { changeSeconds } from './path-capacity.ts';
import type { Profile } from './profiles.ts';
import type { Run } from './run.ts';
import { Sites } from './sites.ts';
import { type BrowserPair, withBrowsers } from './support/browser-pair.ts';
import type { Course } from './variants/course.ts';
import { NO_DETAILS, type OnehopDetails } from './variants/details.ts';
import { transferByOnehop } from './variants/onehop.ts';
import type { Outcome } from './variants/outcome.ts';
import { MESSAGE_BYTES, transferByRawChannel } from './variants/raw-channel.ts';
import { transferByTcp } from './variants/tcp.ts';
import { transferByPlainHttp } from './variants/plain-http.ts';
import { transferThroughServer } from './variants/through-server.ts';
import type { Variant } from './variants/variant.ts';

/** The longest that a transfer may take, in milliseconds. */
const LONGEST_MS = 600_000;

/** What a profile is measured with. */
export interface Bench {
  /** for profiles of browsers and data of servers */
  readonly folder: string;
  readonly options: LaunchOptions;
  readonly onRun: (run: Run) => void;
}

/** A profile, its lab and its sites, ready for transfers. */
interface Scene extends Bench {
  readonly profile: Profile;
  readonly input: Input;
  /** null on the loopback */
  readonly lab: Lab | null;
  readonly sites: Sites;
}

/** Measures the ways of a profile, interleaved: each once, and then again. */
export async function measureProfile(bench: Bench, profile: Profile, input: Input): Promise<void> {
  const lab = profile.lines === null ? null : await openLab();
  try {
    const sites = await Sites.start(lab, bench.folder);
    try {
      const scene = { ...bench, profile, input, lab, sites };
      for (let round = 1; round <= profile.runs; round += 1) {
        for (const variant of profile.variants) bench.onRun(await runOnce(scene, variant, round));
      }
    } finally {
      await sites.stop();
    }
  } finally {
    await lab?.close();
  }
}

async function runOnce(scene: Scene, variant: Variant, round: number): Promise<Run> {
  const { profile, lab } = scene;
  if (profile.lines !== null) await lab?.setLines(profile.lines, round);
  const head = { profile: profile.id, variant, round };
  try {
    return { ...head, ...(await transfer(scene, variant)) };
  } catch (error) {
    // One transfer that goes wrong does not take the others with it.
    console.error(error);
    const why = error instanceof Error ? error.name : 'unknown';
    const nothing = await (await beginMeasuring(lab, null, false))();
    return { ...head, ...nothing, outcome: { type: 'failed', why }, ...NO_DETAILS };
  }
}

type Result = Measured & OnehopDetails & { readonly outcome: Outcome };

async function transfer(scene: Scene, variant: Variant): Promise<Result> {
  const { lab, options, sites } = scene;
  if (variant === 'tcp') {
    if (lab === null) throw new Error('TCP is measured in a lab only.');
    const course = new MeasuredCourse(scene, null);
    const amount = { bytes: scene.input.bytes, limitMs: limitOf(scene.profile, variant) };
    return course.result(await transferByTcp(lab, amount, course));
  }
  // What was received is deleted before the next transfer.
  return await withTemporaryFolder(scene.folder, async (folder) => {
    const setting = { folder, options, lab, origins: Object.values(sites.urls) };
    return await withBrowsers(setting, async (pair) => {
      const course = new MeasuredCourse(scene, pair);
      return course.result(await transferByBrowsers(scene, variant, pair, course));
    });
  });
}

async function transferByBrowsers(
  { profile, input, sites, lab, folder }: Scene,
  variant: Exclude<Variant, 'tcp'>,
  pair: BrowserPair,
  course: Course,
): Promise<Outcome & Partial<OnehopDetails>> {
  const limitMs = limitOf(profile, variant);
  if (variant === 'raw' || variant === 'usual') {
    const messageBytes = MESSAGE_BYTES[variant];
    return transferByRawChannel(pair, { bytes: input.bytes, messageBytes, limitMs }, course);
  }
  if (variant === 'http') {
    return transferByPlainHttp(pair, { lab, folder, bytes: input.bytes, limitMs }, course);
  }
  if (variant === 'stored' || variant === 'streamed') {
    const plan = { siteUrl: sites.urls.shipped, input, limitMs, method: variant };
    return transferThroughServer(pair, plan, course);
  }
  const siteUrl = sites.urls[variant === 'one-lane' ? 'one-lane' : 'shipped'];
  const inflates = variant !== 'no-inflating';
  return transferByOnehop(pair, { siteUrl, input, inflates, limitMs }, course);
}

/** How long a way may take, in milliseconds. */
function limitOf({ limits }: Profile, variant: Variant): number {
  const { [variant]: limit } = limits;
  return limit === undefined ? LONGEST_MS : limit * 1000;
}

/** Measures a transfer while it runs, and changes the rate of its path when it is time. */
class MeasuredCourse implements Course {
  readonly #scene: Scene;
  readonly #pair: BrowserPair | null;
  #finish: (() => Promise<Measured>) | null = null;
  #measured: Measured | null = null;
  #change: NodeJS.Timeout | undefined;

  constructor(scene: Scene, pair: BrowserPair | null) {
    this.#scene = scene;
    this.#pair = pair;
  }

  readonly onReady = async (): Promise<void> => {
    const { lab, profile } = this.#scene;
    this.#finish = await beginMeasuring(lab, this.#pair, profile.withMemory);
  };

  readonly onBegun = (): void => {
    const seconds = changeSeconds(this.#scene.profile);
    if (seconds !== null) this.#change = setTimeout(() => void this.#slowDown(), seconds * 1000);
  };

  readonly onEnded = async (): Promise<void> => {
    clearTimeout(this.#change);
    this.#measured = (await this.#finish?.()) ?? null;
  };

  /** Puts together what was measured and what came out. */
  result(outcome: Outcome & Partial<OnehopDetails>): Result {
    if (this.#measured === null) throw new Error('The transfer did not say that it ended.');
    const { firstByteMs = null, lanes = null, details = null, halves = null, ...bare } = outcome;
    return { ...this.#measured, outcome: bare, firstByteMs, lanes, details, halves };
  }

  async #slowDown(): Promise<void> {
    const { lab, profile } = this.#scene;
    const { lines, laterRate } = profile;
    if (lines === null || laterRate === null) return;
    await lab?.setDirection('sender', 'up', { ...lines.sender.up, rate: laterRate });
  }
}
