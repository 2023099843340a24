import type { IceServer } from '../../signaling/protocol/replies.ts';
import type { ErrorReason } from '../errors/error-reason.ts';
import { OnehopError } from '../errors/onehop-error.ts';
import type { NoteAuthor } from '../sealing/note.ts';
import type { RoomListener } from '../room/room.ts';
import type { RoomHandle, SessionTools } from '../session/session-tools.ts';
import type { ShareKeys } from '../share/share-keys.ts';
import { limitTime } from '../time/time-limit.ts';
import type { CompareOffer } from './compare-state.ts';
import type { HelloWay } from './comparison.ts';
import type { ControlMessage } from './control-message.ts';
import { NoteLine } from './note-line.ts';
import { PeerLine } from './peer-line.ts';

/** How long a Hello may take to be answered, in milliseconds. */
const HELLO_MS = 5_000;

/** A place in a comparison's room. */
export interface MeetingRoom extends RoomHandle {
  sayHello(): Promise<void>;
}

/** What is heard over the lane; all else is arranged by notes, which nobody between the two can change. */
const SAID_DIRECTLY: ReadonlySet<ControlMessage['type']> = new Set(['message', 'shown']);

/** What a meeting is made of. */
export interface MeetingTools extends Pick<SessionTools, 'clock' | 'openLane'> {
  openMeeting(role: 'sender' | 'receiver', keys: ShareKeys, listener: RoomListener): MeetingRoom;
}

/** What a meeting tells its owner. After `onClosed` comes nothing more. */
export interface MeetingListener {
  /** it has its place, and this is what the server can do */
  onOpened(offer: CompareOffer, iceServers: readonly IceServer[]): void;
  /** the other side is there, or not in the server's reach any more */
  onOther(present: boolean): void;
  onPeerUp(up: boolean): void;
  onMessage(message: ControlMessage, way: 'peer' | 'through-server'): void;
  onClosed(reason: ErrorReason): void;
}

/** The place where the two of a comparison speak: by sealed notes through the server, and over a lane of their own. */
export class Meeting {
  readonly #tools: MeetingTools;
  readonly #listener: MeetingListener;
  readonly #author: NoteAuthor;
  readonly #notes: NoteLine;
  readonly #room: MeetingRoom;
  #iceServers: readonly IceServer[] = [];
  #other: string | null = null;
  #line: PeerLine | null = null;
  /** by number: what is to be done when its answer comes */
  readonly #hellos = new Map<number, { readonly way: string; readonly answered: () => void }>();
  #helloNumber = 0;
  #closed = false;

  constructor(
    tools: MeetingTools,
    author: NoteAuthor,
    keys: ShareKeys,
    noteKey: CryptoKey,
    listener: MeetingListener,
  ) {
    this.#tools = tools;
    this.#author = author;
    this.#listener = listener;
    this.#notes = new NoteLine(noteKey, author);
    this.#room = tools.openMeeting(author === 'host' ? 'sender' : 'receiver', keys, this.#heard());
  }

  get peerUp(): boolean {
    return this.#line?.up ?? false;
  }

  /** Says it through the server. Where the other side is not there, it is not heard. */
  send(message: ControlMessage): void {
    void this.#sendTo(this.#other, message);
  }

  /** Says it over the lane. @returns whether there was one */
  sendDirectly(message: ControlMessage): boolean {
    return this.#line?.send(message) ?? false;
  }

  /** Says Hello, and waits for the answer. @throws {OnehopError} where there is none in time */
  async hello(way: HelloWay): Promise<void> {
    if (way === 'server') return await this.#room.sayHello();
    this.#helloNumber += 1;
    const number = this.#helloNumber;
    const come = new Promise<void>((resolve) =>
      this.#hellos.set(number, { way, answered: resolve }),
    );
    const hello = { type: 'hello', number } as const;
    try {
      if (way === 'through-server') this.send(hello);
      else if (!this.sendDirectly(hello)) throw new OnehopError('connection-lost');
      await limitTime(come, HELLO_MS, 'connection-lost');
    } finally {
      this.#hellos.delete(number);
    }
  }

  /** Looks at the clock; to be called about twice a second. */
  tick(): void {
    this.#room.tick();
    this.#line?.tick();
  }

  /** Says good-bye, and closes everything. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    const other = this.#other;
    this.#line?.close();
    void this.#sendTo(other, { type: 'bye' }).finally(() => this.#room.leave());
  }

  async #sendTo(other: string | null, message: ControlMessage): Promise<void> {
    if (other === null) return;
    try {
      this.#room.sendNote(other, await this.#notes.seal(message));
    } catch {
      // Too long for a note: the other side goes without.
    }
  }

  #heard(): RoomListener {
    return {
      onEntered: ({ iceServers, sender, offered }) => {
        this.#iceServers = iceServers;
        this.#listener.onOpened({ uploads: offered, relay: hasRelay(iceServers) }, iceServers);
        if (sender !== null) this.#meet(sender.peerId, sender.online);
        // A server that was restarted knows the other side by another name, once it is back.
        else if (this.#other !== null) this.#meet(this.#other, false);
      },
      onOnline: (online) => {
        // Who left meanwhile is not told of; whoever is still there is, once this side is back.
        if (!online && this.#author === 'host' && this.#other !== null)
          this.#meet(this.#other, false);
      },
      onPeer: ({ peerId, online }) => {
        if (this.#other === null || peerId === this.#other) this.#meet(peerId, online);
      },
      onSignal: (from, lane, signal) => {
        if (from === this.#other) this.#line?.signal(lane, signal);
      },
      onNote: (from, note) => void this.#onNote(from, note),
      onUpload: () => {},
      onClosed: (reason) => {
        this.#line?.close();
        if (!this.#closed) this.#listener.onClosed(reason);
      },
    };
  }

  #meet(peerId: string, online: boolean): void {
    if (this.#closed) return;
    if (!online) {
      // A host is one and the same; of guests, the next one may be another.
      if (this.#author === 'host') this.#other = null;
      this.#listener.onOther(false);
      return;
    }
    const isNew = this.#other !== peerId;
    this.#other = peerId;
    if (isNew || this.#line === null) this.#openLine(peerId);
    this.#listener.onOther(true);
  }

  #openLine(peerId: string): void {
    this.#line?.close();
    this.#line = new PeerLine(
      {
        openLane: (options, listener) => this.#tools.openLane(options, listener),
        sendSignal: (lane, signal) => this.#room.sendSignal(peerId, lane, signal),
        iceServers: this.#iceServers,
        initiator: this.#author === 'guest',
        clock: this.#tools.clock,
      },
      {
        onUp: (up) => {
          if (!this.#closed) this.#listener.onPeerUp(up);
        },
        onMessage: (message) =>
          this.#onMessage(message, 'peer', (answer) => this.sendDirectly(answer)),
      },
    );
  }

  async #onNote(from: string, note: string): Promise<void> {
    const message = await this.#notes.open(note);
    if (message === null || this.#closed) return;
    // Whoever comes while somebody is there already is not wanted.
    if (from === this.#other)
      this.#onMessage(message, 'through-server', (answer) => this.send(answer));
    else if (message.type === 'greet') void this.#sendTo(from, { type: 'bye' });
  }

  #onMessage(
    message: ControlMessage,
    way: 'peer' | 'through-server',
    answer: (message: ControlMessage) => void,
  ): void {
    if (message.type === 'hello') answer({ type: 'hello-back', number: message.number });
    else if (message.type === 'hello-back') {
      const hello = this.#hellos.get(message.number);
      if (hello?.way === way) hello.answered();
    } else if (way === 'through-server' || SAID_DIRECTLY.has(message.type)) {
      this.#listener.onMessage(message, way);
    }
  }
}

/** Whether one of them is a relay: RFC 7065's `turn:` and `turns:`. */
function hasRelay(iceServers: readonly IceServer[]): boolean {
  return iceServers.flatMap(({ urls }) => urls).some((url) => /^turns?:/i.test(url));
}
