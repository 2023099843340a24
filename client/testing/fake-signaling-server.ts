import { Server, type Socket } from 'socket.io';

/** The peer id of whoever else is in the room. */
export const PEER = 'peer-of-the-room';
/** The token that every member is given. */
export const TOKEN = 't'.repeat(22);

const SENDER = { peerId: PEER, online: true };
const PLACE = { peerId: 'i'.repeat(16), token: TOKEN, iceServers: [] };

/** @returns what the server acknowledges a request with */
export type Answer = (request: unknown) => unknown;

/** A server that answers as the test says, and notes what it is asked. */
export class FakeSignalingServer {
  readonly asked: { readonly name: string; readonly request: unknown }[] = [];
  readonly sockets: Socket[] = [];
  /** by request; one that has no answer is never answered */
  readonly answers = new Map<string, Answer>([
    ['room:create', () => ({ ok: true, value: PLACE })],
    ['room:join', () => ({ ok: true, value: { ...PLACE, sender: SENDER } })],
    ['room:rejoin', () => ({ ok: true, value: { peers: [SENDER] } })],
    ['room:leave', () => ({ ok: true, value: {} })],
    ['signal:send', () => ({ ok: true, value: {} })],
  ]);
  onConnection: (socket: Socket) => void = () => {};
  readonly io = new Server(0, { pingInterval: 1_000_000, pingTimeout: 1_000_000 });

  constructor() {
    this.io.on('connection', (socket) => {
      this.sockets.push(socket);
      socket.onAny((name: string, request: unknown, acknowledge: (result: unknown) => void) => {
        this.asked.push({ name, request });
        const answer = this.answers.get(name);
        if (answer !== undefined) acknowledge(answer(request));
      });
      this.onConnection(socket);
    });
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
}
