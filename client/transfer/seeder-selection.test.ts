import { describe, expect, it } from 'vitest';
import { PIECE_BYTES } from '../share/manifest.ts';
import { emptyNumberSet, withNumbers } from '../share/number-set.ts';
import {
  read,
  room,
  messageOf,
  ask,
  root,
  all,
  receiver,
  select,
  rootOf,
  progress,
  pause,
  fileFailed,
  run,
  fresh,
  sentPieces,
} from '../testing/run-seeder.ts';
import { canSend } from './seeder.ts';
import type { SeederEvent } from './seeder-state.ts';

describe('seeder and what its receiver takes', () => {
  it('[EN2] takes no progress back that a later report has overtaken', () => {
    const reports = [50, 10, 60].map((bytes) => messageOf({ type: 'progress', bytes }));
    expect(run(fresh(), ...reports).effects).toEqual([
      { type: 'progress', bytes: 50 },
      { type: 'progress', bytes: 60 },
    ]);
  });

  it('[SL1] closes on a second selection, also after the end', () => {
    const twice = run(fresh(), select(), select());
    expect(twice.state).toEqual({ type: 'closed', reason: 'message-unexpected' });
    const done = run(fresh(), select(), rootOf(all), messageOf({ type: 'complete', root }));
    expect(run(done.state, select()).state).toMatchObject({ reason: 'message-unexpected' });
  });

  it('[SL1] takes requests, progress and pauses that overtake the selection', () => {
    const { state, effects } = run(fresh(), ask(1, 0), progress(5), pause(1, true), select());
    expect(state.type).toBe('serving');
    expect(effects).toContainEqual({ type: 'selected', receiver, bytes: 10 * PIECE_BYTES + 5 });
  });

  it('[SL1] holds progress against the selection, whichever came first', () => {
    const one = withNumbers(emptyNumberSet(2), [1]);
    const closed = { type: 'closed', reason: 'request-out-of-range' };
    expect(run(fresh(), select(one), progress(5)).state.type).toBe('serving');
    expect(run(fresh(), select(one), progress(6)).state).toEqual(closed);
    expect(run(fresh(), progress(6), select(one)).state).toEqual(closed);
  });

  it('[EN1] watches for the root hash of what is selected, and sends it when it is there', () => {
    const selected = run(fresh(), select());
    expect(selected.effects).toContainEqual({ type: 'watch-root', files: all });
    const { effects } = run(selected.state, rootOf(all));
    expect(effects).toEqual([{ type: 'send-root', root, files: all }]);
  });

  it('[EN1] sends another root hash when a file fails after it sent one, and takes either', () => {
    const rest = withNumbers(emptyNumberSet(2), [1]);
    const other = 's'.repeat(43);
    const both = run(fresh(), select(), rootOf(all), fileFailed(0), {
      type: 'root',
      root: other,
      files: rest,
    });
    expect(both.effects).toContainEqual({ type: 'send-root', root: other, files: rest });
    for (const known of [root, other]) {
      expect(run(both.state, messageOf({ type: 'complete', root: known })).state.type).toBe('done');
    }
  });

  it('[EN2] is done when the receiver has the same root hash, and closes when it has another', () => {
    const known = run(fresh(), select(), rootOf(all));
    const done = run(known.state, messageOf({ type: 'complete', root }));
    expect(done.state.type).toBe('done');
    expect(done.effects).toContainEqual({ type: 'stage', stage: 'done' });
    const other = run(known.state, messageOf({ type: 'complete', root: 's'.repeat(43) }));
    expect(other.state).toEqual({ type: 'closed', reason: 'root-mismatch' });
  });

  it('[EN3] reads what nobody asks for once the receiver has everything and waits for the root hash', () => {
    const part = run(fresh(), select(), progress(10 * PIECE_BYTES));
    expect(part.effects).not.toContainEqual({ type: 'read-rest' });
    const whole = run(part.state, progress(10 * PIECE_BYTES + 5), { type: 'checked', bytes: 7 });
    expect(whole.effects).toContainEqual({ type: 'read-rest' });
    expect(whole.effects.at(-1)).toEqual({ type: 'send-checking', bytes: 7 });
    const { effects } = run(whole.state, { type: 'checked', bytes: 7 }, rootOf(all), {
      type: 'checked',
      bytes: 8,
    });
    expect(effects).toEqual([{ type: 'send-root', root, files: all }]);
  });

  it('[EN3] reads what nobody asks for only when nothing is left to send', () => {
    const asked = run(fresh(), select(), ask(1, 0), read(10), progress(10 * PIECE_BYTES + 5));
    expect(asked.effects).not.toContainEqual({ type: 'read-rest' });
    expect(run(asked.state, room).effects.at(-1)).toEqual({ type: 'read-rest' });
  });

  it('[EN3] counts what cannot be had any more as none that the receiver lacks', () => {
    const lost = run(fresh(), select(), progress(5), fileFailed(0));
    expect(lost.effects.filter(({ type }) => type === 'read-rest').length).toBe(1);
    const before = run(fresh(), fileFailed(0), progress(5), select());
    expect(before.effects.filter(({ type }) => type === 'read-rest').length).toBe(1);
  });

  it('[PS1] hears the last word about pausing, and each change once', () => {
    const { effects } = run(
      fresh(),
      pause(2, true),
      pause(1, false),
      pause(3, true),
      pause(4, false),
    );
    expect(effects).toEqual([
      { type: 'peer-paused', paused: true },
      { type: 'peer-paused', paused: false },
    ]);
  });

  it('[PS1] counts up what it says about pausing', () => {
    const said = [true, true, false].map((paused): SeederEvent => ({ type: 'pause', paused }));
    expect(run(fresh(), ...said).effects).toEqual([
      { type: 'send-pause', number: 1, paused: true },
      { type: 'send-pause', number: 2, paused: false },
    ]);
  });

  it('[PS2] sends nothing more while it is paused, and goes on where it was', () => {
    const paused = run(
      fresh(),
      ask(0, 0),
      ask(0, 1),
      read(0),
      room,
      { type: 'pause', paused: true },
      read(1),
      room,
    );
    expect(sentPieces(paused.effects)).toEqual([0]);
    expect(canSend(paused.state)).toBe(false);
    const { effects } = run(paused.state, { type: 'pause', paused: false }, room);
    expect(sentPieces(effects)).toEqual([1]);
  });

  it('[PS2] sends nothing more while its receiver is paused, and then what that asked for before', () => {
    const paused = run(fresh(), ask(0, 0), pause(1, true), read(0), room);
    expect(sentPieces(paused.effects)).toEqual([]);
    expect(canSend(paused.state)).toBe(false);
    expect(sentPieces(run(paused.state, pause(2, false), room).effects)).toEqual([0]);
  });
});
