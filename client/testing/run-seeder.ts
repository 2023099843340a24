import type { EncodedPiece } from '../reading/encoded-piece.ts';
import { PIECE_BYTES, locatePiece } from '../share/manifest.ts';
import { encodeNumberSet, fullNumberSet } from '../share/number-set.ts';
import type { ControlMessage } from '../transfer/control-message.ts';
import { createSeeder, stepSeeder } from '../transfer/seeder.ts';
import type { SeederEffect, SeederEvent, SeederState } from '../transfer/seeder-state.ts';
import { makeManifest } from './make-manifest.ts';

/** What the seeder shares: ten pieces of a large file, and one of a small one. */
export const manifest = makeManifest(10 * PIECE_BYTES, 5);
/** A piece that tells its number by its hash. @param bytes how many it travels in; else its own */
export const encodedOf = (piece: number, bytes?: number): EncodedPiece => {
  const place = locatePiece(manifest, piece);
  return {
    place,
    hash: Uint8Array.of(piece),
    form: bytes === undefined ? 'plain' : 'deflated',
    bytes: new Uint8Array(bytes ?? place.length),
  };
};
/** A piece was read. */
export const read = (piece: number, bytes?: number): SeederEvent => ({
  type: 'read',
  pieces: new Map([[piece, encodedOf(piece, bytes)]]),
});
/** The channel has room. */
export const room: SeederEvent = { type: 'room' };
/** The receiver says something. */
export const messageOf = (message: ControlMessage): SeederEvent => ({ type: 'message', message });
/** The receiver asks for bytes of a piece of a file; all of it, where no others are said. */
export const ask = (file: number, piece: number, start = 0, length?: number) =>
  messageOf({
    type: 'request',
    ranges: [[file, piece, start, length ?? locatePiece(manifest, 10 * file + piece).length]],
  });
/** A root hash. */
export const root = 'r'.repeat(43);
/** The manifest's digest, as far as the seeder knows. */
export const digest = 'd'.repeat(43);
/** What the seeder shares, in two parts. */
export const offer = { manifest, manifestParts: 2, digest };
/** Both files. */
export const all = fullNumberSet(2);
/** The receiver's id. */
export const receiver = 'i'.repeat(16);
/** The receiver says what it takes. */
export const select = (files = all): SeederEvent =>
  messageOf({ type: 'select', manifest: digest, files: encodeNumberSet(files), receiver });
/** The root hash of these files is known. */
export const rootOf = (files = all): SeederEvent => ({ type: 'root', root, files });
/** The receiver says how far it is. */
export const progress = (bytes: number) => messageOf({ type: 'progress', bytes });
/** The receiver says that it has paused, or goes on. */
export const pause = (number: number, paused: boolean) =>
  messageOf({ type: 'pause', number, paused });
/** A file cannot be had any more. */
export const fileFailed = (file: number): SeederEvent => ({
  type: 'file-failed',
  file,
  reason: 'source-changed',
});

/** The state after these events, and every effect. */
export function run(state: SeederState, ...events: readonly SeederEvent[]) {
  const effects: SeederEffect[] = [];
  let current = state;
  for (const event of events) {
    const step = stepSeeder(current, event);
    current = step.state;
    effects.push(...step.effects);
  }
  return { state: current, effects };
}

/** A seeder that has just greeted. */
export const fresh = () => createSeeder(offer).state;
/** What goes into the channel: the piece, and its bytes from and to. */
export const sentRanges = (effects: readonly SeederEffect[]) =>
  effects.flatMap((effect) =>
    effect.type === 'send-range'
      ? [[effect.range.encoded.hash[0], effect.range.start, effect.range.end]]
      : [],
  );
/** The pieces of what goes into the channel. */
export const sentPieces = (effects: readonly SeederEffect[]) =>
  sentRanges(effects).map(([piece]) => piece);
/** The pieces that are to be read. */
export const readPieces = (effects: readonly SeederEffect[]) =>
  effects.flatMap((effect) => (effect.type === 'read' ? [effect.piece] : []));
