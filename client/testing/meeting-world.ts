import {
  Meeting,
  type MeetingListener,
  type MeetingRoom,
  type MeetingTools,
} from '../compare/meeting.ts';
import type { ControlMessage } from '../compare/control-message.ts';
import type { Lane, LaneListener, LaneOptions } from '../peer/lane.ts';
import type { RoomListener } from '../room/room.ts';
import { SECRET_BYTES, type ShareSecret } from '../share/link.ts';
import { deriveNoteKey, deriveShareKeys } from '../share/share-keys.ts';

interface Member {
  readonly peerId: string;
  readonly role: 'sender' | 'receiver';
  readonly listener: RoomListener;
}

/** One side as a test sees it. */
export interface MeetingSide {
  readonly meeting: Meeting;
  readonly heard: { readonly message: ControlMessage; readonly way: string }[];
  readonly present: boolean[];
  readonly closed: string[];
}

/** A comparison's room and the lanes in it, in memory. */
export class MeetingWorld {
  /** what the server has relayed */
  readonly notes: string[] = [];
  readonly #members: Member[] = [];
  /** the initiators' lanes that the other side has not answered */
  readonly #offered: { readonly listener: LaneListener; readonly pair: Pair }[] = [];
  lanesOpen = 0;
  /** whether lanes come up */
  connects = true;

  /** What a session meets by. */
  readonly tools: MeetingTools = {
    clock: () => performance.now(),
    openMeeting: (role, _keys, heard) => this.#enter(role, heard),
    openLane: (options, heard) => this.#openLane(options, heard),
  };

  /** A side comes in. */
  async open(
    author: 'host' | 'guest',
    secret: ShareSecret = new Uint8Array(SECRET_BYTES),
  ): Promise<MeetingSide> {
    const [keys, noteKey] = [await deriveShareKeys(secret), await deriveNoteKey(secret)];
    const side: Omit<MeetingSide, 'meeting'> = { heard: [], present: [], closed: [] };
    const listener: MeetingListener = {
      onOpened: () => {},
      onOther: (there) => side.present.push(there),
      onPeerUp: () => {},
      onMessage: (message, way) => side.heard.push({ message, way }),
      onClosed: (reason) => side.closed.push(reason),
    };
    const meeting = new Meeting(this.tools, author, keys, noteKey, listener);
    return { ...side, meeting };
  }

  /** The host's own socket drops, and is back; who left meanwhile it is not told. */
  blinkHost(): void {
    const [host] = this.#members;
    host?.listener.onOnline(false);
    host?.listener.onOnline(true);
    for (const { role, peerId } of this.#members) {
      if (role === 'receiver') host?.listener.onPeer({ peerId, online: true });
    }
  }

  /** The guest's page goes away while nobody is told. */
  loseGuest(): void {
    this.#members.splice(1, 1);
  }

  /** The guest's socket drops, or is back. */
  setGuestOnline(online: boolean): void {
    const [host, guest] = this.#members;
    if (host !== undefined && guest !== undefined) {
      host.listener.onPeer({ peerId: guest.peerId, online });
    }
  }

  /** Puts a note of the server's own making before a member. */
  forge(note: string): void {
    const [host, guest] = this.#members;
    if (host !== undefined && guest !== undefined) host.listener.onNote?.(guest.peerId, note);
  }

  #enter(role: Member['role'], listener: RoomListener): MeetingRoom {
    const member: Member = { peerId: `peer-${this.#members.length}`, role, listener };
    const sender = this.#members.find((one) => one.role === 'sender') ?? null;
    this.#members.push(member);
    queueMicrotask(() => {
      const { peerId } = sender ?? member;
      listener.onEntered({
        membership: { token: '', iceServers: [], maxLanes: 1 },
        iceServers: [{ urls: 'turn:relay.example' }],
        maxLanes: 1,
        sender: role === 'receiver' ? { peerId, online: true } : null,
        offered: true,
        upload: null,
      });
      if (role === 'receiver') sender?.listener.onPeer({ peerId: member.peerId, online: true });
    });
    const other = (to: string) => this.#members.find(({ peerId }) => peerId === to)?.listener;
    return {
      sendNote: (to, note) => {
        this.notes.push(note);
        queueMicrotask(() => other(to)?.onNote?.(member.peerId, note));
        return true;
      },
      sendSignal: (to, lane, signal) =>
        queueMicrotask(() => other(to)?.onSignal(member.peerId, lane, signal)),
      sayHello: () => Promise.resolve(),
      leave: () => this.#members.splice(this.#members.indexOf(member), 1),
      disconnect: () => {},
      tick: () => {},
      checkConnection: () => {},
    };
  }

  #openLane({ initiator }: LaneOptions, listener: LaneListener): Lane {
    this.lanesOpen += 1;
    if (initiator) {
      const pair: Pair = { sides: [listener, null] };
      this.#offered.push({ listener, pair });
      queueMicrotask(() => listener.onSignal({ type: 'offer', sdp: 'offer' }));
      return this.#lane(pair, 1, 0);
    }
    const pair = this.#offered.shift()?.pair ?? { sides: [null, null] };
    pair.sides[1] = listener;
    if (this.connects) {
      queueMicrotask(() => {
        for (const side of pair.sides) side?.onOpen();
      });
    }
    return this.#lane(pair, 0, 1);
  }

  #lane(pair: Pair, to: 0 | 1, own: 0 | 1): Lane {
    let closed = false;
    return {
      maxMessageBytes: 65_536,
      full: false,
      readPath: async () => null,
      signal: () => {},
      send: (bytes) => {
        const copy = bytes.slice().buffer;
        queueMicrotask(() => pair.sides[to]?.onMessage(copy));
      },
      close: () => {
        if (closed) return;
        closed = true;
        this.lanesOpen -= 1;
        pair.sides[own] = null;
      },
    };
  }
}

interface Pair {
  readonly sides: [LaneListener | null, LaneListener | null];
}
