import { once } from 'node:events';
import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client';
import * as v from 'valibot';
import { PROTOCOL_VERSION } from '../protocol/limits.ts';
import {
  createRoomReplySchema,
  joinRoomReplySchema,
  type CreateRoomReply,
  type JoinRoomReply,
} from '../protocol/replies.ts';
import { signalingErrorCodeSchema } from '../protocol/signaling-error-code.ts';
import type { TestLink } from './test-link.ts';

const TIMEOUT_MS = 5_000;

const resultSchema = v.variant('ok', [
  v.strictObject({ ok: v.literal(true), value: v.unknown() }),
  v.strictObject({
    ok: v.literal(false),
    error: v.strictObject({ code: signalingErrorCodeSchema }),
  }),
]);

/** The signaling side of a page: a real Socket.IO client that remembers what it was told. */
export class TestPage {
  readonly socket: Socket;
  readonly #heard: { readonly name: string; readonly payload: unknown }[] = [];
  readonly #disconnected: Promise<unknown>;

  constructor(url: string, options: Partial<ManagerOptions & SocketOptions> = {}) {
    this.socket = io(url, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      ...options,
    });
    this.socket.onAny((name: string, payload: unknown) => this.#heard.push({ name, payload }));
    this.#disconnected = new Promise((resolve) => {
      this.socket.once('disconnect', resolve);
    });
  }

  /** Resolves once it is connected. */
  async connected(): Promise<this> {
    await new Promise<void>((resolve, reject) => {
      this.socket.once('connect', resolve);
      this.socket.once('connect_error', reject);
    });
    return this;
  }

  /** Resolves once the server or the network ended the connection. */
  async disconnected(): Promise<void> {
    await this.#disconnected;
  }

  /** Sends a request and gives its acknowledgement, which must have the form of a result. */
  async request(name: string, payload: unknown): Promise<v.InferOutput<typeof resultSchema>> {
    const answer: unknown = await this.socket.timeout(TIMEOUT_MS).emitWithAck(name, payload);
    return v.parse(resultSchema, answer);
  }

  async create({ roomId, joinVerifier }: TestLink): Promise<CreateRoomReply> {
    const payload = { protocol: PROTOCOL_VERSION, roomId, joinVerifier };
    return v.parse(createRoomReplySchema, value(await this.request('room:create', payload)));
  }

  async join({ roomId, joinProof }: TestLink): Promise<JoinRoomReply> {
    const payload = { protocol: PROTOCOL_VERSION, roomId, joinProof };
    return v.parse(joinRoomReplySchema, value(await this.request('room:join', payload)));
  }

  /** The first event of this name that was not asked for yet, now or when it comes. */
  async next(name: string): Promise<unknown> {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    for (;;) {
      const index = this.#heard.findIndex((event) => event.name === name);
      const [event] = index === -1 ? [] : this.#heard.splice(index, 1);
      if (event !== undefined) return event.payload;
      signal.throwIfAborted();
      await heard(this.socket, signal);
    }
  }

  /** The names of the events that came so far and were not asked for; all sent before this call are in. */
  async left(): Promise<readonly string[]> {
    // The answer comes after everything that the server sent before it.
    await this.request('room:leave', {});
    return this.#heard.map(({ name }) => name);
  }

  close(): void {
    this.socket.disconnect();
  }
}

/** Resolves with the next event of any name. */
async function heard(socket: Socket, signal: AbortSignal): Promise<void> {
  const target = new EventTarget();
  const wake = () => target.dispatchEvent(new Event('heard'));
  socket.onAny(wake);
  try {
    await once(target, 'heard', { signal });
  } finally {
    socket.offAny(wake);
  }
}

function value(result: v.InferOutput<typeof resultSchema>): unknown {
  if (!result.ok) throw new Error(`refused: ${result.error.code}`);
  return result.value;
}
