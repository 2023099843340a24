import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CarrierEffect,
  type CarrierEvent,
  type CarrierState,
  DIRECT_PATIENCE_MS,
  type Way,
  type WayState,
  beginCarrier,
  stepCarrier,
} from './carrier-machine.ts';

const up: WayState = { type: 'up' };
const down = (reason: 'connection-lost' | 'sender-left' = 'connection-lost'): WayState => ({
  type: 'down',
  reason,
});
const ended = (
  reason:
    | 'share-not-found'
    | 'upload-not-found'
    | 'upload-damaged'
    | 'sender-stopped'
    | 'sender-left'
    | 'sender-cancelled'
    | 'download-limit-reached',
): WayState => ({ type: 'ended', reason });
const way = (name: Way, state: WayState): CarrierEvent => ({ type: 'way', way: name, state });
const tick: CarrierEvent = { type: 'tick' };

function run(...events: readonly (readonly [number, CarrierEvent])[]) {
  let state = beginCarrier(0);
  const effects: CarrierEffect[] = [];
  for (const [now, event] of events) {
    const step = stepCarrier(state, event, now);
    state = step.state;
    effects.push(...step.effects);
  }
  return { state, effects };
}

const told = (effects: readonly CarrierEffect[]) =>
  effects.filter(({ type }) => type !== 'carry' && type !== 'look-for-upload');
const carried = (effects: readonly CarrierEffect[]) =>
  effects.flatMap((effect) => (effect.type === 'carry' ? [effect.way] : []));

describe('choosing between the direct way and the server', () => {
  it('goes directly as soon as it can', () => {
    const { effects } = run([10, way('server', up)], [900, way('direct', up)]);
    expect(carried(effects)).toEqual(['direct']);
    expect(told(effects)).toEqual([{ type: 'up' }]);
  });

  it('goes over the server at once where the direct way is over, and after some patience where it is not', () => {
    const over = run([10, way('direct', ended('share-not-found'))], [20, way('server', up)]);
    expect(carried(over.effects)).toEqual(['server']);
    const early = run([10, way('server', up)], [DIRECT_PATIENCE_MS - 1, tick]);
    expect(carried(early.effects)).toEqual([]);
    const late = run([10, way('server', up)], [DIRECT_PATIENCE_MS, tick]);
    expect(carried(late.effects)).toEqual(['server']);
  });

  it('changes its way in the middle, both ways', () => {
    const { effects } = run(
      [0, way('server', up)],
      [100, way('direct', up)],
      [10_000, way('direct', down())],
      [10_050, way('server', up)],
      [10_000 + DIRECT_PATIENCE_MS, tick],
      [20_000, way('direct', up)],
    );
    expect(carried(effects)).toEqual(['direct', null, 'server', 'direct']);
    // While the server is asked anew, no way is known to be up.
    expect(told(effects).map(({ type }) => type)).toEqual(['up', 'down', 'up']);
  });

  it('finds out anew what the server has when the direct way goes', () => {
    const { effects } = run(
      [0, way('server', ended('upload-not-found'))],
      [100, way('direct', up)],
      [200, way('direct', down('sender-left'))],
    );
    expect(effects.slice(-3)).toEqual([
      { type: 'look-for-upload' },
      { type: 'carry', way: null },
      { type: 'down', reason: 'sender-left' },
    ]);
  });

  it('ends only when both are over, and says why the sender is gone', () => {
    const { effects } = run(
      [0, way('direct', ended('share-not-found'))],
      [10, way('server', ended('upload-not-found'))],
    );
    expect(told(effects)).toEqual([{ type: 'ended', reason: 'share-not-found' }]);
  });

  it('says that the upload is gone where it was fetched from, unless the sender ended the share', () => {
    const gone = run(
      [0, way('direct', ended('share-not-found'))],
      [10, way('server', up)],
      [20, way('server', ended('upload-not-found'))],
    );
    expect(told(gone.effects).at(-1)).toEqual({ type: 'ended', reason: 'upload-not-found' });
    const stopped = run(
      [0, way('server', up)],
      [DIRECT_PATIENCE_MS, tick],
      [4_000, way('direct', ended('sender-stopped'))],
      [4_010, way('server', ended('upload-not-found'))],
    );
    expect(told(stopped.effects).at(-1)).toEqual({ type: 'ended', reason: 'sender-stopped' });
  });

  it('says what is wrong with an upload although the sender might come back', () => {
    const { effects } = run(
      [0, way('direct', up)],
      [10, way('server', up)],
      [20, way('direct', down('sender-left'))],
      [30, way('server', ended('upload-damaged'))],
    );
    expect(told(effects).at(-1)).toEqual({ type: 'ended', reason: 'upload-damaged' });
  });

  it('waits for a sender that may come back although the server refuses', () => {
    const { effects } = run(
      [0, way('direct', up)],
      [10, way('direct', down())],
      [20, way('server', ended('download-limit-reached'))],
      [9_000, way('direct', up)],
    );
    expect(told(effects).map(({ type }) => type)).toEqual(['up', 'down', 'up']);
  });

  it('waits for the answer to its last question before it ends', () => {
    const { effects } = run(
      [0, way('server', ended('download-limit-reached'))],
      [10, way('direct', up)],
      [20, way('direct', ended('sender-left'))],
    );
    expect(told(effects).map(({ type }) => type)).toEqual(['up', 'down']);
  });

  it('ends where the sender is gone and the server cannot be asked', () => {
    const unreachable: WayState = { type: 'down', reason: 'upload-unreachable' };
    const { effects } = run(
      [0, way('direct', ended('share-not-found'))],
      [10, way('server', unreachable)],
    );
    expect(told(effects)).toEqual([{ type: 'ended', reason: 'share-not-found' }]);
  });

  it('follows what is preferred while both are up, and goes on directly where the server fails', () => {
    const prefer = (name: Way): CarrierEvent => ({ type: 'prefer', way: name });
    const { effects } = run(
      [0, way('direct', up)],
      [10, prefer('server')],
      [500, way('server', up)],
      [9_000, way('server', down())],
      [9_500, way('server', up)],
      [12_000, prefer('direct')],
    );
    expect(carried(effects)).toEqual(['direct', 'server', 'direct', 'server', 'direct']);
    expect(told(effects)).toEqual([{ type: 'up' }]);
    const without = run(
      [0, prefer('server')],
      [1, way('server', up)],
      [DIRECT_PATIENCE_MS - 1, tick],
    );
    expect(without.state.carrier).toBeNull();
  });

  it('goes on over the server that carries, whatever becomes of the direct way beside it', () => {
    const { effects } = run(
      [0, way('direct', up)],
      [10, { type: 'prefer', way: 'server' }],
      [500, way('server', up)],
      [9_000, way('direct', down())],
      [9_500, way('direct', up)],
    );
    expect(carried(effects)).toEqual(['direct', 'server']);
  });

  it('gives nothing over the server to whom the sender has put out', () => {
    const { state, effects } = run(
      [0, way('direct', up)],
      [10, way('direct', ended('sender-cancelled'))],
      [20, way('server', up)],
    );
    expect(state.carrier).toBeNull();
    expect(told(effects).at(-1)).toEqual({ type: 'ended', reason: 'sender-cancelled' });
  });

  it('whatever happens: never fetches over a way that is not up, and is up or ended once at a time', () => {
    const states: WayState[] = [
      up,
      down(),
      down('sender-left'),
      ended('share-not-found'),
      ended('upload-not-found'),
    ];
    const event = fc.oneof(
      fc.constant(tick),
      fc.constantFrom<CarrierEvent>(
        { type: 'prefer', way: 'direct' },
        { type: 'prefer', way: 'server' },
      ),
      fc
        .tuple(fc.constantFrom<Way>('direct', 'server'), fc.constantFrom(...states))
        .map(([name, state]) => way(name, state)),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(5_000), event), { maxLength: 40 }), (events) => {
        let now = 0;
        let state: CarrierState = beginCarrier(0);
        let last: string | null = null;
        for (const [gap, next] of events) {
          now += gap;
          const step = stepCarrier(state, next, now);
          state = step.state;
          expect(state.carrier === null || state[state.carrier].type === 'up').toBe(true);
          const both = state.direct.type === 'up' && state.server.type === 'up';
          if (both) expect(state.carrier).toBe(state.preferred);
          else if (state.direct.type === 'up') expect(state.carrier).toBe('direct');
          for (const effect of told(step.effects)) {
            if (effect.type !== 'down') expect(effect.type).not.toBe(last);
            last = effect.type;
          }
        }
      }),
    );
  });
});
