import { PIECE_BYTES } from '../share/manifest.ts';
import { fullNumberSet } from '../share/number-set.ts';
import { summarizeFiles } from '../session/file-summary.ts';
import { beginReceive, stepReceive } from '../session/receive-machine.ts';
import type {
  KeptReceipt,
  ReceiveEffect,
  ReceiveEvent,
  ReceivePhase,
} from '../session/receive-phase.ts';
import { viewReceive } from '../session/receive-view.ts';
import { makeManifest } from './make-manifest.ts';

/** What driven pages are offered. */
export const manifest = makeManifest(PIECE_BYTES, 10, 5);
/** All of it. */
export const everything = fullNumberSet(3);
/** Where driven pages put it. */
export const BROWSER = { type: 'browser' } as const;

/** A receiving page that is driven by hand. */
export class DrivenPage {
  now = 0;
  phase: ReceivePhase;
  readonly effects: ReceiveEffect[];

  constructor() {
    const begun = beginReceive();
    this.phase = begun.phase;
    this.effects = [...begun.effects];
  }

  /** Posts events. @returns the types of the effects of all of them */
  post(...events: readonly ReceiveEvent[]): ReceiveEffect[] {
    const effects: ReceiveEffect[] = [];
    for (const event of events) {
      const step = stepReceive(this.phase, event, this.now);
      this.phase = step.phase;
      effects.push(...step.effects);
    }
    this.effects.push(...effects);
    return effects;
  }

  get state() {
    return viewReceive(this.phase, summarizeFiles(manifest), this.now);
  }
}

const OFFER: readonly ReceiveEvent[] = [
  { type: 'searched', kept: null },
  { type: 'link-up' },
  { type: 'manifest', manifest },
];

/** A page that is offered it. */
export function offered(): DrivenPage {
  const page = new DrivenPage();
  page.post(...OFFER);
  return page;
}

/** A page that has the first 100 bytes of it. */
export function running(): DrivenPage {
  const page = offered();
  page.post(
    { type: 'receive', into: 'browser' },
    { type: 'begun', place: BROWSER },
    { type: 'progress', bytes: 100 },
  );
  return page;
}

/** What an earlier page left of it. */
export function keptOf(change: Partial<KeptReceipt> = {}): KeptReceipt {
  return {
    manifest,
    selected: everything,
    place: BROWSER,
    failures: [],
    bytes: PIECE_BYTES,
    paused: false,
    complete: false,
    ...change,
  };
}

/** The types of these effects. */
export const typesOf = (effects: readonly ReceiveEffect[]) => effects.map(({ type }) => type);
