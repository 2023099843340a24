import { type Span, spanBytes } from './spans.ts';
import type { Ask } from './lane-ledger.ts';

/** A piece that is wanted, as far as it is asked for and here. Changed in place: there is one for every small file. */
export interface WantedPiece {
  readonly piece: number;
  /** of the plain piece, in bytes */
  readonly length: number;
  /** how many bytes it has in the form it travels in; null until a frame of it has come */
  total: number | null;
  /** whether bytes of it came that do not count any more, as its owner has yet to be told */
  readonly begunAnew: boolean;
  /** how far it may be asked for: `total`, or what `total` is expected to be */
  limit: number;
  /** what lies before is cut into parts */
  cursor: number;
  /** how many bytes are here */
  arrivedBytes: number;
  /** parts that are not wholly here */
  readonly parts: Set<Part>;
  /** `queued`: there is more to cut from it; `waiting`: not before `total` is known; `gone`: here, or not wanted any more */
  state: 'queued' | 'waiting' | 'gone';
}

/** A part of a piece that is asked for as a whole: of one lane, and again of another where the first is late. */
export interface Part {
  readonly of: WantedPiece;
  /** what is not here yet */
  missing: readonly Span[];
  /** the asks that may still bring it */
  readonly asks: Set<Ask>;
  /** how often it was asked for */
  tries: number;
}

/** A piece of which nothing is asked for yet. @param form as far as it is known */
export function wantPiece(
  piece: number,
  length: number,
  form: { readonly total: number | null; readonly begunAnew: boolean },
): WantedPiece {
  return {
    piece,
    length,
    ...form,
    limit: form.total ?? length,
    cursor: 0,
    arrivedBytes: 0,
    parts: new Set(),
    state: 'queued',
  };
}

/** How many bytes of a part are not here yet. */
export function missingBytes(part: Part): number {
  return spanBytes(part.missing);
}

/** Whether a part is awaited of a lane that is not late with it. */
export function isComing(part: Part): boolean {
  for (const ask of part.asks) {
    if (!ask.doubted) return true;
  }
  return false;
}
