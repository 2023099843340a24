import assert from 'node:assert/strict';
import { MAX_RECEIVERS, REJOIN_GRACE_MS } from '../protocol/limits.ts';
import type { Notice } from '../rooms/notice.ts';
import { randomRoomIds } from '../rooms/room-ids.ts';
import { RoomRegistry } from '../rooms/room-registry.ts';
import { LINK_COUNT, SLOT_COUNT, type RegistryAction } from './registry-action.ts';
import { FakeClock } from './fake-clock.ts';
import { testLink } from './test-link.ts';

/** How long a room lasts in this world, in milliseconds. */
export const LIFETIME_MS = 5 * REJOIN_GRACE_MS;

const LINKS = Array.from({ length: LINK_COUNT }, (_, number) => testLink(number + 1));

/** A member as those outside know it: what it was given when it came in, and on which socket it is. */
interface Known {
  readonly role: 'sender' | 'receiver';
  readonly room: number;
  readonly peerId: string;
  readonly token: string;
  connection: string | undefined;
}

/** Pages that act at random, and check after each step what they are told. */
export class RegistryWorld {
  readonly clock = new FakeClock();
  readonly registry = new RoomRegistry({
    clock: this.clock.now,
    ids: randomRoomIds,
    limits: { maxShares: 2, maxSharesPerAddress: 2, shareLifetimeMs: LIFETIME_MS },
  });
  readonly connections = Array.from({ length: SLOT_COUNT }, (_, number) => `${number}`);
  known: Known[] = [];
  made = SLOT_COUNT;

  run(step: RegistryAction): void {
    switch (step.type) {
      case 'create':
      case 'join':
        this.#enter(step.type, step.slot, step.link);
        break;
      case 'join-wrongly':
        this.#joinWrongly(step.slot, step.link);
        break;
      case 'rejoin':
        this.#rejoin(step.slot, step.other);
        break;
      case 'signal':
        this.#signal(step.slot, step.other);
        break;
      case 'drop':
        this.#drop(step.slot);
        break;
      case 'leave':
        this.#leave(step.slot);
        break;
      case 'expel':
        this.#expel(step.slot);
        break;
      case 'advance':
        this.clock.advance(step.milliseconds);
        break;
      case 'expire':
        this.#hear(this.registry.expire());
        break;
    }
    for (const [room] of LINKS.entries()) {
      const receivers = this.known.filter((one) => one.room === room && one.role === 'receiver');
      const online = receivers.filter(({ connection }) => connection !== undefined);
      assert.ok(online.length <= MAX_RECEIVERS);
    }
    assert.ok(this.registry.size <= 2);
  }

  #connection(slot: number): string {
    return this.connections[slot] ?? '';
  }

  #on(connection: string): Known | undefined {
    return this.known.find((one) => one.connection === connection);
  }

  #enter(type: 'create' | 'join', slot: number, room: number): void {
    const connection = this.#connection(slot);
    const link = LINKS[room] ?? testLink(0);
    const { result, notices } =
      type === 'create'
        ? this.registry.create(connection, 'home', link)
        : this.registry.join(connection, link);
    this.#hear(notices.filter((notice) => !isAbout(notice, 'peer:joined')));
    if (!result.ok) return;
    assert.equal(this.#on(connection), undefined);
    const { peerId, token } = result.value;
    if (type === 'create') this.known = this.known.filter((one) => one.room !== room);
    const role = type === 'create' ? 'sender' : 'receiver';
    this.known.push({ role, room, peerId, token, connection });
    this.#hear(notices.filter((notice) => isAbout(notice, 'peer:joined')));
  }

  #joinWrongly(slot: number, room: number): void {
    const { roomId } = LINKS[room] ?? testLink(0);
    const { joinProof } = testLink(99);
    const connection = this.#connection(slot);
    const { result, notices } = this.registry.join(connection, { roomId, joinProof });
    this.#hear(notices);
    const code = this.#on(connection) === undefined ? 'share-not-found' : 'already-in-room';
    assert.deepEqual(result, { ok: false, error: { code } });
  }

  #rejoin(slot: number, other: number): void {
    const member = this.known[other % Math.max(1, this.known.length)];
    if (member === undefined) return;
    const connection = this.#connection(slot);
    const { roomId } = LINKS[member.room] ?? testLink(0);
    const { result, notices } = this.registry.rejoin(connection, { roomId, token: member.token });
    if (result.ok) {
      assert.equal(this.#on(connection), undefined);
      member.connection = connection;
    }
    this.#hear(notices);
  }

  #signal(slot: number, other: number): void {
    const connection = this.#connection(slot);
    const to = this.known[other % Math.max(1, this.known.length)];
    if (to === undefined) return;
    const signal = { type: 'answer', sdp: 'v=0' } as const;
    const request = { to: to.peerId, lane: 0, signal };
    const { result, notices } = this.registry.signal(connection, request);
    const relayed = notices.filter((notice) => isAbout(notice, 'signal:relayed'));
    this.#hear(notices.filter((notice) => !relayed.includes(notice)));
    const from = this.#on(connection);
    if (result.ok) {
      assert.equal(from?.room, to.room);
      const event = { name: 'signal:relayed', payload: { from: from?.peerId, lane: 0, signal } };
      assert.deepEqual(relayed, [{ type: 'send', to: to.connection, event }]);
    } else {
      assert.deepEqual(relayed, []);
      const reachable = from !== undefined && from !== to && from.room === to.room;
      assert.equal(reachable && to.connection !== undefined, false);
    }
  }

  #drop(slot: number): void {
    const connection = this.#connection(slot);
    const member = this.#on(connection);
    const [own, others] = split(this.registry.drop(connection), connection);
    this.#hear(own);
    if (member !== undefined) member.connection = undefined;
    this.#hear(others);
    this.#renew(slot);
  }

  #leave(slot: number): void {
    const connection = this.#connection(slot);
    const member = this.#on(connection);
    const { result, notices } = this.registry.leave(connection);
    const [own, others] = split(notices, connection);
    this.#hear(own);
    if (result.ok) {
      assert.notEqual(member, undefined);
      this.#forget(member);
    }
    this.#hear(others);
    assert.equal(this.#on(connection), undefined);
  }

  #expel(slot: number): void {
    const connection = this.#connection(slot);
    const member = this.#on(connection);
    const [own, others] = split(this.registry.expel(connection), connection);
    this.#hear(own);
    this.#forget(member);
    this.#hear(others);
    this.#renew(slot);
  }

  #renew(slot: number): void {
    this.connections[slot] = `${this.made}`;
    this.made += 1;
  }

  #forget(member: Known | undefined): void {
    this.known = this.known.filter((one) => one !== member);
  }

  /** Everyone takes in what it is told, and checks that it is its business. */
  #hear(notices: readonly Notice[]): void {
    for (const notice of notices) {
      if (notice.type === 'disconnect') {
        assert.equal(this.#on(notice.to), undefined);
        assert.deepEqual(this.registry.drop(notice.to), []);
        const slot = this.connections.indexOf(notice.to);
        if (slot !== -1) this.#renew(slot);
        continue;
      }
      const hearer = this.#on(notice.to);
      assert.notEqual(hearer, undefined);
      if (hearer !== undefined) this.#take(hearer, notice.event);
    }
  }

  #take(hearer: Known, event: Extract<Notice, { type: 'send' }>['event']): void {
    if (event.name === 'room:closed') {
      hearer.connection = undefined;
      return;
    }
    if (
      event.name === 'signal:relayed' ||
      event.name === 'note:relayed' ||
      event.name === 'upload:changed'
    ) {
      throw new Error(`${event.name} out of turn`);
    }
    const subject = this.known.find(({ peerId }) => peerId === event.payload.peerId);
    if (event.name !== 'peer:left') assert.notEqual(subject, undefined);
    if (subject === undefined) return;
    assert.equal(subject.room, hearer.room);
    assert.deepEqual([subject.role, hearer.role].toSorted(), ['receiver', 'sender']);
    const isAway = event.name === 'peer:offline' || event.name === 'peer:left';
    assert.equal(subject.connection === undefined, isAway);
  }
}

function isAbout(notice: Notice, name: string): boolean {
  return notice.type === 'send' && notice.event.name === name;
}

/** What a socket still hears of what was overdue when it went, and what the others hear. */
function split(notices: readonly Notice[], connection: string): [Notice[], Notice[]] {
  return [
    notices.filter(({ to }) => to === connection),
    notices.filter(({ to }) => to !== connection),
  ];
}
