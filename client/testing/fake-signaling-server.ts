import { Server, type Socket } from 'socket.io';
import * as v from 'valibot';

/** The peer id of whoever else is in the room. */
export const PEER = 'peer-of-the-room';
/** The token that every member is given. */
export const TOKEN = 't'.repeat(22);

const ENTERING: ReadonlySet<string> = new Set(['room:create', 'room:join', 'room:rejoin']);
const ALREADY_IN_ROOM = { ok: false, error: { code: 'already-in-room' } };
const successSchema = v.object({ ok: v.literal(true) });

/** What a receiver is told of its sender. */
export const SENDER = { peerId: PEER, online: true };
/** What a sender is told of its place, and a receiver besides. */
export const PLACE = {
  peerId: 'i'.repeat(16),
  token: TOKEN,
  iceServers: [],
  maxLanes: 7,
  uploads: true,
  upload: null,
};

/** @returns what the server acknowledges a request with */
export type Answer = (request: unknown) => unknown;

/** A TCP connection, as far as this server meddles with it. */
interface Connection {
  pause(): void;
  resume(): void;
  on(event: 'close', listener: () => void): void;
}

/** A server that answers as the test says, and notes what it is asked. */
export class FakeSignalingServer {
  readonly asked: { readonly name: string; readonly request: unknown }[] = [];
  readonly sockets: Socket[] = [];
  /** by request; one that has no answer is never answered */
  readonly answers = new Map<string, Answer>([
    ['room:create', () => ({ ok: true, value: PLACE })],
    ['room:join', () => ({ ok: true, value: { ...PLACE, sender: SENDER } })],
    ['room:rejoin', () => ({ ok: true, value: { peers: [SENDER], uploads: true, upload: null } })],
    ['room:leave', () => ({ ok: true, value: {} })],
    ['signal:send', () => ({ ok: true, value: {} })],
    ['note:send', () => ({ ok: true, value: {} })],
    ['hello:say', () => ({ ok: true, value: { hello: 'Hello' } })],
  ]);
  onConnection: (socket: Socket) => void = () => {};
  #members = new WeakSet<Socket>();
  readonly #connections = new Set<Connection>();
  #cut = false;
  readonly io = new Server(0, { pingInterval: 1_000_000, pingTimeout: 1_000_000 });

  constructor() {
    this.io.httpServer.on('connection', (connection: Connection) => {
      this.#connections.add(connection);
      connection.on('close', () => this.#connections.delete(connection));
      if (this.#cut) connection.pause();
    });
    this.io.on('connection', (socket) => {
      this.sockets.push(socket);
      socket.onAny((name: string, request: unknown, acknowledge: (result: unknown) => void) => {
        this.asked.push({ name, request });
        const answer = this.answers.get(name);
        if (answer !== undefined) acknowledge(this.#answer(socket, name, answer(request)));
      });
      this.onConnection(socket);
    });
  }

  /** A member that asks for a place is told that it has one. */
  #answer(socket: Socket, name: string, result: unknown): unknown {
    const entering = ENTERING.has(name);
    if (entering && this.#members.has(socket)) return ALREADY_IN_ROOM;
    if (entering && v.is(successSchema, result)) this.#members.add(socket);
    return result;
  }

  get port(): number {
    const address = this.io.httpServer.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    return address.port;
  }

  /** How many sockets are connected. */
  get connected(): number {
    return this.sockets.filter((socket) => socket.connected).length;
  }

  get names(): string[] {
    return this.asked.map(({ name }) => name);
  }

  send(name: string, event: unknown): void {
    this.sockets.at(-1)?.emit(name, event);
  }

  /** Drops the last socket as a lost network does. */
  drop(): void {
    this.sockets.at(-1)?.conn.close();
  }

  /** Hears nobody any more, as where a network is gone without a word, until `mend`. */
  cut(): void {
    this.#cut = true;
    for (const connection of this.#connections) connection.pause();
  }

  mend(): void {
    this.#cut = false;
    for (const connection of this.#connections) connection.resume();
  }

  /** Gives every place away. */
  forget(): void {
    this.#members = new WeakSet();
  }
}
