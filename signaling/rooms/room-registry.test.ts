import { beforeEach, describe, expect, test } from 'vitest';
import { MAX_RECEIVERS, REJOIN_GRACE_MS } from '../protocol/limits.ts';
import type { Signal } from '../protocol/signal.ts';
import { expectOk } from '../testing/expect-ok.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { testLink } from '../testing/test-link.ts';
import { randomRoomIds } from './room-ids.ts';
import { RoomRegistry } from './room-registry.ts';

const LIFETIME_MS = 3_600_000;
const link = testLink(1);
const otherLink = testLink(2);
const offer: Signal = { type: 'offer', sdp: 'v=0' };

let clock: FakeClock;
let registry: RoomRegistry;

beforeEach(() => {
  clock = new FakeClock();
  registry = new RoomRegistry({
    clock: clock.now,
    ids: randomRoomIds,
    limits: { maxShares: 3, maxSharesPerAddress: 2, shareLifetimeMs: LIFETIME_MS },
  });
});

const create = (connection = 'sender', shared = link, address = 'home') =>
  expectOk(registry.create(connection, address, shared).result);
const join = (connection = 'receiver', shared = link) =>
  expectOk(registry.join(connection, shared).result);
const codeOf = (outcome: { result: { ok: boolean } }) => outcome.result;
const refused = (code: string) => ({ ok: false, error: { code } });
const told = (to: string, name: string, payload: object) => ({
  type: 'send',
  to,
  event: { name, payload },
});

describe('opening a room', () => {
  test('[SG1] the one who creates it is its sender, and no second one can take it', () => {
    create();
    expect(codeOf(registry.create('thief', 'elsewhere', link))).toEqual(refused('share-taken'));
  });

  test('[SG1] an offline sender still holds its room', () => {
    create();
    registry.drop('sender');
    expect(codeOf(registry.create('thief', 'elsewhere', link))).toEqual(refused('share-taken'));
  });

  test('one socket is in one room only', () => {
    create();
    expect(codeOf(registry.create('sender', 'home', otherLink))).toEqual(
      refused('already-in-room'),
    );
    expect(codeOf(registry.join('sender', link))).toEqual(refused('already-in-room'));
  });

  test('[SG9] an address opens only so many, and again once one has ended', () => {
    create('a', testLink(11));
    create('b', testLink(12));
    expect(codeOf(registry.create('c', 'home', testLink(13)))).toEqual(refused('too-many-shares'));
    registry.leave('a');
    create('c', testLink(13));
  });

  test('[SG9] the server opens only so many in all', () => {
    create('a', testLink(11), 'first');
    create('b', testLink(12), 'second');
    create('c', testLink(13), 'third');
    expect(codeOf(registry.create('d', 'fourth', testLink(14)))).toEqual(refused('server-full'));
  });

  test('[SG9] rooms that are overdue do not count', () => {
    create('a', testLink(11));
    create('b', testLink(12));
    clock.advance(LIFETIME_MS);
    create('c', testLink(13));
    expect(registry.size).toBe(1);
  });
});

describe('joining', () => {
  test('[SG2] the proof opens the room, and the sender hears of it', () => {
    const sender = create();
    const outcome = registry.join('receiver', link);
    const { peerId, sender: met } = expectOk(outcome.result);
    expect(met).toEqual({ peerId: sender.peerId, online: true });
    expect(outcome.notices).toEqual([told('sender', 'peer:joined', { peerId })]);
  });

  test('[SG2] a wrong proof, a wrong room and an expired one look the same', () => {
    create();
    const { joinProof } = otherLink;
    const wrongProof = registry.join('x', { roomId: link.roomId, joinProof });
    const wrongRoom = registry.join('x', otherLink);
    clock.advance(LIFETIME_MS);
    const expired = registry.join('x', link);
    expect(wrongProof).toEqual({ result: refused('share-not-found'), notices: [] });
    expect(wrongRoom).toEqual(wrongProof);
    expect(expired.result).toEqual(wrongProof.result);
  });

  test('[SG1] the ninth receiver is refused, and let in when one has left', () => {
    create();
    for (let number = 0; number < MAX_RECEIVERS; number += 1) join(`receiver ${number}`);
    expect(codeOf(registry.join('ninth', link))).toEqual(refused('share-full'));
    registry.leave('receiver 3');
    join('ninth');
  });

  test('[SG2] a full room does not show itself without the proof', () => {
    create();
    for (let number = 0; number < MAX_RECEIVERS; number += 1) join(`receiver ${number}`);
    const { joinProof } = otherLink;
    expect(codeOf(registry.join('x', { roomId: link.roomId, joinProof }))).toEqual(
      refused('share-not-found'),
    );
  });
});

describe('signals', () => {
  test('[SG3] reach the addressed member only, stamped with their sender', () => {
    const sender = create();
    const receiver = join('receiver');
    join('bystander');
    const outcome = registry.signal('receiver', { to: sender.peerId, lane: 7, signal: offer });
    expect(outcome).toEqual({
      result: { ok: true, value: {} },
      notices: [
        told('sender', 'signal:relayed', { from: receiver.peerId, lane: 7, signal: offer }),
      ],
    });
  });

  test('[SG3] do not leave the room', () => {
    create();
    const stranger = create('stranger', otherLink);
    const outcome = registry.signal('sender', { to: stranger.peerId, lane: 0, signal: offer });
    expect(outcome).toEqual({ result: refused('peer-not-found'), notices: [] });
  });

  test('[SG3] do not come from outside a room', () => {
    const sender = create();
    const outcome = registry.signal('nobody', { to: sender.peerId, lane: 0, signal: offer });
    expect(outcome).toEqual({ result: refused('not-in-room'), notices: [] });
  });

  test('[SG3] to oneself or to an offline member find nobody', () => {
    const sender = create();
    const receiver = join();
    registry.drop('receiver');
    for (const to of [sender.peerId, receiver.peerId]) {
      const outcome = registry.signal('sender', { to, lane: 0, signal: offer });
      expect(outcome).toEqual({ result: refused('peer-not-found'), notices: [] });
    }
  });
});

describe('dropped sockets', () => {
  test('[SG5] the others hear that a member is offline, and that it is back', () => {
    const sender = create();
    const { peerId, token } = join();
    join('second');
    expect(registry.drop('receiver')).toEqual([told('sender', 'peer:offline', { peerId })]);
    const outcome = registry.rejoin('receiver again', { roomId: link.roomId, token });
    expect(outcome).toEqual({
      result: { ok: true, value: { peers: [{ peerId: sender.peerId, online: true }] } },
      notices: [told('sender', 'peer:online', { peerId })],
    });
  });

  test('[SG5] a sender that comes back learns who is there, and every receiver hears of it', () => {
    const { peerId, token } = create();
    const first = join('first');
    const second = join('second');
    registry.drop('second');
    expect(registry.drop('sender')).toEqual([told('first', 'peer:offline', { peerId })]);
    const outcome = registry.rejoin('sender again', { roomId: link.roomId, token });
    expect(expectOk(outcome.result).peers).toEqual([
      { peerId: first.peerId, online: true },
      { peerId: second.peerId, online: false },
    ]);
    expect(outcome.notices).toEqual([told('first', 'peer:online', { peerId })]);
  });

  test('[SG5] a place is kept up to the last millisecond of the grace, and no longer', () => {
    create();
    const { token, peerId } = join();
    registry.drop('receiver');
    clock.advance(REJOIN_GRACE_MS - 1);
    expect(registry.expire()).toEqual([]);
    clock.advance(1);
    const late = registry.rejoin('receiver again', { roomId: link.roomId, token });
    expect(late).toEqual({
      result: refused('rejoin-refused'),
      notices: [told('sender', 'peer:left', { peerId })],
    });
  });

  test('[SG5] a new socket takes the place from one that is believed connected', () => {
    const sender = create();
    const { token, peerId } = join();
    const outcome = registry.rejoin('new', { roomId: link.roomId, token });
    expect(outcome.result.ok).toBe(true);
    expect(outcome.notices).toEqual([{ type: 'disconnect', to: 'receiver' }]);
    expect(registry.drop('receiver')).toEqual([]);
    const relayed = registry.signal('sender', { to: peerId, lane: 0, signal: offer });
    expect(relayed.notices).toEqual([
      told('new', 'signal:relayed', { from: sender.peerId, lane: 0, signal: offer }),
    ]);
  });

  test('[SG5] a wrong token takes no place', () => {
    create();
    const { token } = join();
    const { roomId } = link;
    for (const request of [
      { roomId, token: randomRoomIds.token() },
      { roomId, token: token.slice(1) },
      { roomId: otherLink.roomId, token },
    ]) {
      expect(registry.rejoin('x', request)).toEqual({
        result: refused('rejoin-refused'),
        notices: [],
      });
    }
  });
});

describe('the end of a room', () => {
  test('[SG7] its sender leaves: sender-stopped', () => {
    create();
    join();
    expect(registry.leave('sender').notices).toEqual([
      told('receiver', 'room:closed', { reason: 'sender-stopped' }),
    ]);
    expect(registry.size).toBe(0);
  });

  test('[SG7] its sender stays away: sender-left', () => {
    create();
    join();
    registry.drop('sender');
    clock.advance(REJOIN_GRACE_MS);
    expect(registry.expire()).toEqual([told('receiver', 'room:closed', { reason: 'sender-left' })]);
  });

  test('[SG7] its lifetime is over: share-expired, and its sender hears it too', () => {
    create();
    join();
    clock.advance(LIFETIME_MS - 1);
    expect(registry.expire()).toEqual([]);
    clock.advance(1);
    expect(registry.expire()).toEqual([
      told('sender', 'room:closed', { reason: 'share-expired' }),
      told('receiver', 'room:closed', { reason: 'share-expired' }),
    ]);
    expect(codeOf(registry.leave('receiver'))).toEqual(refused('not-in-room'));
  });

  test('[SG7] of two passed deadlines the earlier one is named', () => {
    create();
    join();
    clock.advance(LIFETIME_MS - 1);
    registry.drop('sender');
    clock.advance(REJOIN_GRACE_MS);
    expect(registry.expire()).toEqual([
      told('receiver', 'room:closed', { reason: 'share-expired' }),
    ]);
  });

  test('a receiver that leaves ends its own place only', () => {
    create();
    const { peerId } = join();
    join('second');
    expect(registry.leave('receiver').notices).toEqual([told('sender', 'peer:left', { peerId })]);
    expect(registry.size).toBe(1);
  });

  test('[SG6] an expelled sender ends the room as one that left', () => {
    create();
    join();
    expect(registry.expel('sender')).toEqual([
      told('receiver', 'room:closed', { reason: 'sender-left' }),
    ]);
    expect(registry.size).toBe(0);
  });
});
