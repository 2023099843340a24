import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ErrorReason } from '../errors/error-reason.ts';
import {
  DOUBT_MS,
  FIRST_ATTEMPT_MS,
  RETRY_MS,
  SENDER_WAIT_MS,
  beginLink,
  stepLink,
} from './link-machine.ts';
import type { LinkEffect, LinkEvent, LinkState } from './link-phase.ts';

/** A link that is driven by hand: every event at a time, and every effect noted. */
class DrivenLink {
  state: LinkState;
  now = 0;
  effects: LinkEffect[];

  constructor(persistent: boolean) {
    const begun = beginLink(persistent, 0);
    this.state = begun.state;
    this.effects = [...begun.effects];
  }

  /** Posts events. @returns the effects of the last one */
  post(...events: readonly LinkEvent[]): readonly LinkEffect[] {
    let last: readonly LinkEffect[] = [];
    for (const event of events) {
      const step = stepLink(this.state, event, this.now);
      this.state = step.state;
      last = step.effects;
      this.effects.push(...last);
    }
    return last;
  }

  /** Lets time pass with a look at the clock every half second. @returns all effects meanwhile */
  pass(ms: number, silentMs = 0): readonly LinkEffect[] {
    const before = this.effects.length;
    for (const end = this.now + ms; this.now < end;) {
      this.now += 500;
      this.post({ type: 'tick', silentMs });
    }
    return this.effects.slice(before);
  }
}

/** A link whose lane 0 is up. */
function linkUp(persistent: boolean): DrivenLink {
  const link = new DrivenLink(persistent);
  link.post({ type: 'room-entered', senderOnline: true }, { type: 'lane-opened', lane: 0 });
  return link;
}

const lost = (lane: number, reason: ErrorReason = 'connection-lost'): LinkEvent => ({
  type: 'lane-closed',
  lane,
  reason,
});

const typesOf = (effects: readonly LinkEffect[]) => effects.map(({ type }) => type);

describe('link to the sender', () => {
  it('joins the room, opens a lane to a sender that is there, and is up', () => {
    const link = new DrivenLink(false);
    expect(typesOf(link.effects)).toEqual(['join-room']);
    expect(link.post({ type: 'room-entered', senderOnline: true })).toEqual([
      { type: 'waiting', for: 'peer' },
      { type: 'open-lane', lane: 0 },
    ]);
    expect(link.post({ type: 'lane-opened', lane: 0 })).toEqual([{ type: 'up', lane: 0 }]);
  });

  it('waits for a sender that is away, and gives up when the server has done so', () => {
    const link = new DrivenLink(false);
    expect(link.post({ type: 'room-entered', senderOnline: false })).toEqual([
      { type: 'waiting', for: 'sender' },
    ]);
    link.pass(SENDER_WAIT_MS - 500);
    expect(link.state.type).toBe('open');
    expect(link.pass(500)).toContainEqual({ type: 'ended', reason: 'sender-left' });
  });

  it('opens a lane when the sender is back', () => {
    const link = new DrivenLink(false);
    link.post({ type: 'room-entered', senderOnline: false });
    expect(typesOf(link.post({ type: 'sender-online', online: true }))).toContain('open-lane');
  });

  it.each<[string, LinkEvent, ErrorReason]>([
    ['a lane that cannot be opened', lost(0, 'connect-timeout'), 'connect-timeout'],
    ['a room that is closed', { type: 'room-closed', reason: 'share-full' }, 'share-full'],
  ])('with nothing to lose yet ends on %s', (_, event, reason) => {
    const link = new DrivenLink(false);
    link.post({ type: 'room-entered', senderOnline: true });
    expect(link.post(event)).toContainEqual({ type: 'ended', reason });
  });

  it('[CV7] opens another lane at once when its lane is lost', () => {
    const link = linkUp(true);
    expect(link.post(lost(0))).toEqual([
      { type: 'down', reason: 'connection-lost' },
      { type: 'waiting', for: 'peer' },
      { type: 'open-lane', lane: 1 },
    ]);
    expect(link.post({ type: 'lane-opened', lane: 1 })).toEqual([{ type: 'up', lane: 1 }]);
  });

  it('waits longer after each attempt that failed, and not for long', () => {
    const link = linkUp(true);
    link.post(lost(0));
    let lane = 1;
    const waits: number[] = [];
    while (lane < 8) {
      const before = link.now;
      let effects = link.post(lost(lane, 'connect-timeout'));
      while (!typesOf(effects).includes('open-lane')) effects = link.pass(500);
      waits.push(link.now - before);
      lane += 1;
    }
    expect(waits).toEqual(waits.toSorted((one, other) => one - other));
    expect(waits[0]).toBe(0);
    expect(waits.at(-1)).toBeLessThanOrEqual(10_000);
  });

  it('[CV7] puts another lane beside one that has gone silent, and trusts whichever speaks first', () => {
    const spoke = linkUp(true);
    expect(spoke.pass(500, DOUBT_MS - 1)).toEqual([]);
    expect(spoke.pass(500, DOUBT_MS)).toEqual([
      { type: 'check-room' },
      { type: 'open-lane', lane: 1 },
    ]);
    expect(spoke.pass(500, 100)).toEqual([
      { type: 'close-lane', lane: 1, reason: 'lane-replaced' },
    ]);

    const replaced = linkUp(true);
    replaced.pass(500, DOUBT_MS);
    expect(replaced.post({ type: 'lane-opened', lane: 1 })).toEqual([
      { type: 'up', lane: 1 },
      { type: 'close-lane', lane: 0, reason: 'lane-replaced' },
    ]);
  });

  it('begins an attempt anew that takes too long, or was begun while the server was out of reach', () => {
    const slow = linkUp(true);
    slow.post(lost(0));
    expect(slow.pass(FIRST_ATTEMPT_MS)).toContainEqual({ type: 'open-lane', lane: 2 });

    const cut = linkUp(true);
    cut.pass(500, DOUBT_MS);
    cut.post({ type: 'room-reachable', reachable: false });
    expect(typesOf(cut.pass(10_000, 10_000))).not.toContain('open-lane');
    expect(cut.post({ type: 'room-reachable', reachable: true })).toContainEqual({
      type: 'open-lane',
      lane: 2,
    });
  });

  it('says that the sender left where the server has lost it as well', () => {
    const link = linkUp(true);
    link.post({ type: 'sender-online', online: false });
    expect(link.post(lost(0, 'peer-silent'))).toContainEqual({
      type: 'down',
      reason: 'sender-left',
    });
    expect(typesOf(link.post({ type: 'sender-online', online: true }))).toContain('open-lane');
  });

  it('joins again when the room is gone with its sender, and still says that the sender left', () => {
    const link = linkUp(true);
    link.post({ type: 'sender-online', online: false }, lost(0));
    link.post({ type: 'room-closed', reason: 'sender-left' });
    expect(typesOf(link.pass(2_000))).toContain('join-room');
    expect(link.post({ type: 'room-closed', reason: 'share-not-found' })).toContainEqual({
      type: 'down',
      reason: 'sender-left',
    });
    link.pass(20_000);
    expect(typesOf(link.post({ type: 'room-entered', senderOnline: true }))).toContain('open-lane');
  });

  it('opens its lane anew in a room of a server that was restarted', () => {
    const link = new DrivenLink(false);
    link.post({ type: 'room-entered', senderOnline: true });
    expect(link.post({ type: 'room-entered', senderOnline: true })).toEqual([
      { type: 'close-lane', lane: 0, reason: 'lane-replaced' },
      { type: 'waiting', for: 'peer' },
      { type: 'open-lane', lane: 1 },
    ]);
  });

  it('keeps a lane that is up whatever becomes of the room, and ends with it where the share has', () => {
    const link = linkUp(true);
    expect(link.post({ type: 'room-closed', reason: 'sender-stopped' })).toEqual([]);
    expect(link.post(lost(0))).toContainEqual({ type: 'ended', reason: 'sender-stopped' });
  });

  it.each<ErrorReason>(['sender-stopped', 'frame-malformed', 'manifest-invalid', 'hash-mismatch'])(
    'ends at once where the lane is closed for %s, which does not pass',
    (reason) => {
      expect(linkUp(true).post(lost(0, reason))).toEqual([{ type: 'ended', reason }]);
    },
  );

  it('gives up after ten minutes without a lane', () => {
    const link = linkUp(true);
    link.post({ type: 'sender-online', online: false }, lost(0));
    link.pass(RETRY_MS - 500);
    expect(link.state.type).toBe('open');
    expect(link.pass(500)).toContainEqual({ type: 'ended', reason: 'sender-left' });
  });

  it('whatever happens: at most two lanes are open at once, one beside the other, and every one is closed', () => {
    const reason = fc.constantFrom<ErrorReason>(
      'connection-lost',
      'peer-silent',
      'sender-left',
      'share-not-found',
      'sender-stopped',
    );
    const lane = fc.nat(20);
    const event: fc.Arbitrary<LinkEvent> = fc.oneof(
      fc.record({ type: fc.constant('room-entered' as const), senderOnline: fc.boolean() }),
      fc.record({ type: fc.constant('room-reachable' as const), reachable: fc.boolean() }),
      fc.record({ type: fc.constant('room-closed' as const), reason }),
      fc.record({ type: fc.constant('sender-online' as const), online: fc.boolean() }),
      fc.record({ type: fc.constant('lane-opened' as const), lane }),
      fc.record({ type: fc.constant('lane-closed' as const), lane, reason }),
      fc.constant({ type: 'persist' as const }),
      fc.record({ type: fc.constant('tick' as const), silentMs: fc.constantFrom(0, 1_000, 5_000) }),
    );
    fc.assert(
      fc.property(
        fc.boolean(),
        fc.array(fc.tuple(event, fc.nat(4_000)), { maxLength: 60 }),
        (persistent, events) => {
          const link = new DrivenLink(persistent);
          const open = new Set<number>();
          let joins = 1;
          for (const [next, wait] of events) {
            link.now += wait;
            // Of a lane that is not open, nothing is heard; nor of a room that was not joined.
            if ('lane' in next && !open.has(next.lane)) continue;
            if (next.type === 'lane-closed') open.delete(next.lane);
            if (next.type === 'room-closed') joins -= 1;
            if (joins < 0) break;
            for (const effect of link.post(next)) {
              if (effect.type === 'open-lane') {
                expect(open.has(effect.lane)).toBe(false);
                open.add(effect.lane);
              }
              if (effect.type === 'close-lane') expect(open.delete(effect.lane)).toBe(true);
              if (effect.type === 'join-room') joins += 1;
              if (effect.type === 'ended') return;
            }
            expect(open.size).toBeLessThanOrEqual(2);
            expect(joins).toBeLessThanOrEqual(1);
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
