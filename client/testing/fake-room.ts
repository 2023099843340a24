import type { Signal } from '../../signaling/protocol/signal.ts';
import type { ErrorReason } from '../errors/error-reason.ts';
import type { Membership, RoomRole } from '../room/membership.ts';
import type { RoomListener } from '../room/room.ts';
import type { RoomHandle } from '../session/session-tools.ts';
import type { ShareKeys } from '../share/share-keys.ts';

/** Enough that further lanes are opened, few enough that worlds with many pages are quick. */
const WORLD_LANES = 3;

/** One who has opened the room, and how it stands with its place. */
export interface FakeMember {
  readonly role: RoomRole;
  readonly peerId: string;
  readonly listener: RoomListener;
  /** `left`: it gave its place up; `disconnected`: it went without; `closed`: the server ended it */
  place: 'entering' | 'taken' | 'left' | 'disconnected' | 'closed';
  online: boolean;
}

/** The room of one share in memory, in place of a server: what happens to its members is the test's choice. */
export class FakeRoom {
  readonly members: FakeMember[] = [];
  /** why whoever enters is turned away; null where nobody is */
  refusal: ErrorReason | null = null;

  /** Takes the place of `openRoom`. */
  open(
    role: RoomRole,
    _keys: ShareKeys,
    listener: RoomListener,
    membership?: Membership,
  ): RoomHandle {
    const earlier = this.members.findIndex(
      ({ peerId, place }) => peerId === membership?.token && place === 'disconnected',
    );
    const peerId = this.members[earlier]?.peerId ?? `${role}-${this.members.length}`;
    const member: FakeMember = { role, peerId, listener, place: 'entering', online: true };
    if (earlier === -1) this.members.push(member);
    else this.members[earlier] = member;
    queueMicrotask(() => this.#enter(member));
    return {
      sendSignal: (to, lane, signal) => queueMicrotask(() => this.#relay(member, to, lane, signal)),
      sendNote: (to, note) => {
        const addressee = this.members.find((one) => one.peerId === to);
        queueMicrotask(() => addressee?.listener.onNote?.(member.peerId, note));
        return true;
      },
      leave: () => this.#leave(member),
      disconnect: () => {
        member.place = 'disconnected';
        this.#tellOthers(member, false);
      },
      // What becomes of a member is the test's choice, and no clock's.
      tick: () => {},
      checkConnection: () => {},
    };
  }

  /** The one who shares. */
  get sender(): FakeMember {
    const sender = this.members.find(({ role }) => role === 'sender');
    if (sender === undefined) throw new Error('nobody shares in this room');
    return sender;
  }

  /** Drops a member's socket, or brings it back. */
  setOnline(member: FakeMember, online: boolean): void {
    member.online = online;
    member.listener.onOnline(online);
    this.#tellOthers(member, online);
  }

  /** Gives a member its place anew, as a server does that was restarted. */
  reopen(member: FakeMember): void {
    member.place = 'entering';
    this.#enter(member);
  }

  /** Ends a member's place. */
  close(member: FakeMember, reason: ErrorReason): void {
    if (member.place !== 'entering' && member.place !== 'taken') return;
    member.place = 'closed';
    member.listener.onClosed(reason);
  }

  #enter(member: FakeMember): void {
    if (member.place !== 'entering') return;
    const sender = this.members.find(({ role, place }) => role === 'sender' && place === 'taken');
    if (this.refusal !== null) this.close(member, this.refusal);
    else if (member.role === 'receiver' && sender === undefined)
      this.close(member, 'share-not-found');
    else {
      member.place = 'taken';
      const known = member.role === 'receiver' && sender !== undefined;
      member.listener.onEntered({
        membership: { token: member.peerId, iceServers: [], maxLanes: WORLD_LANES },
        iceServers: [],
        maxLanes: WORLD_LANES,
        offered: true,
        upload: null,
        sender: known ? { peerId: sender.peerId, online: sender.online } : null,
      });
      member.listener.onOnline(true);
      this.#tellOthers(member, true);
    }
  }

  #relay(from: FakeMember, to: string, lane: number, signal: Signal): void {
    const member = this.members.find(({ peerId }) => peerId === to);
    const reaches = from.place === 'taken' && from.online && member?.place === 'taken';
    if (reaches && member.online) member.listener.onSignal(from.peerId, lane, signal);
  }

  #leave(member: FakeMember): void {
    if (member.place !== 'entering' && member.place !== 'taken') return;
    member.place = 'left';
    if (member.role === 'receiver') this.#tellOthers(member, false);
    else for (const other of this.members) this.close(other, 'sender-stopped');
  }

  /** A sender hears of its receivers, a receiver of its sender. */
  #tellOthers({ role, peerId }: FakeMember, online: boolean): void {
    for (const other of this.members) {
      if (other.role !== role && other.place === 'taken') other.listener.onPeer({ peerId, online });
    }
  }
}
