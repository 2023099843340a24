import type { ErrorReason } from '../errors/error-reason.ts';
import type { CompareMethod, Comparison, ComparePlan, HelloWay } from './comparison.ts';

/** What is being done just now. */
export type CompareStep =
  /** Hello, each way */
  | { readonly type: 'hello'; readonly way: HelloWay }
  /** a small transfer each way, to tell what to expect */
  | { readonly type: 'probe' }
  | {
      readonly type: 'run';
      readonly method: CompareMethod;
      /** from 0 */
      readonly round: number;
      /** of a stored run: the upload, and then the download */
      readonly leg: 'upload' | 'download' | 'whole';
      /** of this leg, 0 to 1 */
      readonly fraction: number;
    };

/** A comparison under way, as both sides show it. */
export interface CompareProgress {
  readonly comparison: Comparison;
  readonly step: CompareStep;
  /** of the whole, 0 to 1 */
  readonly fraction: number;
  /** milliseconds; null until it can be told */
  readonly leftMs: number | null;
}

/** A message that one side wrote to the other. */
export interface CompareMessage {
  readonly from: 'me' | 'other';
  readonly text: string;
  /** over which way it went */
  readonly way: 'peer' | 'through-server';
  /** until the other side's page said that it shows it: false */
  readonly delivered: boolean;
}

/** What the two share besides the comparison itself. */
export interface Together {
  readonly messages: readonly CompareMessage[];
  /** whether a lane between the two is up: else messages can go through the server only */
  readonly peerUp: boolean;
}

/** The page of who compares. */
export type HostState =
  /** taking a place on the server */
  | { readonly type: 'opening' }
  /** nobody has opened the link yet */
  | { readonly type: 'waiting'; readonly link: string }
  /** the other side is there: settings can be chosen, and Compare pressed */
  | {
      readonly type: 'ready';
      readonly link: string;
      readonly together: Together;
      readonly last: Comparison | null;
      /** whether the other side was asked and did not want to take part */
      readonly declined?: boolean;
    }
  /** asked the other side, which has not answered yet */
  | { readonly type: 'asking'; readonly plan: ComparePlan; readonly together: Together }
  | { readonly type: 'running'; readonly progress: CompareProgress; readonly together: Together }
  /** @param left whether the other side has gone */
  | {
      readonly type: 'done';
      readonly comparison: Comparison;
      readonly left: boolean;
      readonly link: string;
      readonly together: Together;
    }
  | { readonly type: 'failed'; readonly reason: ErrorReason };

/** The page of who was asked to take part. */
export type GuestState =
  | { readonly type: 'joining' }
  /** in, and nothing is asked of it yet */
  | { readonly type: 'waiting'; readonly together: Together }
  /** asked to take part */
  | { readonly type: 'asked'; readonly plan: ComparePlan; readonly together: Together }
  /** took part */
  | { readonly type: 'running'; readonly progress: CompareProgress; readonly together: Together }
  | { readonly type: 'done'; readonly comparison: Comparison; readonly together: Together }
  /** the user left, or the host did */
  | { readonly type: 'ended'; readonly comparison: Comparison | null }
  | { readonly type: 'failed'; readonly reason: ErrorReason };

/** What is to be compared. */
export interface CompareWish {
  /** chosen files, or so many random bytes made here */
  readonly subject:
    | { readonly type: 'files'; readonly files: readonly File[] }
    | { readonly type: 'generated'; readonly bytes: number };
  readonly methods: readonly CompareMethod[];
  readonly rounds: number;
}

/** What the page of who compares can ask for. */
export interface HostActions {
  compare(wish: CompareWish): void;
  stop(): void;
  say(text: string, way: 'peer' | 'through-server'): void;
  /** back to the settings, with the other side still there */
  again(): void;
}

/** What the page of who takes part can ask for. */
export interface GuestActions {
  takePart(): void;
  decline(): void;
  stop(): void;
  say(text: string, way: 'peer' | 'through-server'): void;
}

/** What this server and browser can do, known before anything is chosen. */
export interface CompareOffer {
  /** whether the server keeps files for shares; true until it says that it does not */
  readonly uploads: boolean;
  /** whether the operator set up a relay (TURN) */
  readonly relay: boolean;
}
