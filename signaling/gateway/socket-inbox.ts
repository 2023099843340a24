import * as v from 'valibot';
import type { Clock } from '../clock.ts';
import { describeError, type Log } from '../log.ts';
import { failure } from '../protocol/result.ts';
import type { SignalingErrorCode } from '../protocol/signaling-error-code.ts';
import type { Notice } from '../rooms/notice.ts';
import type { RoomRegistry } from '../rooms/room-registry.ts';
import { EventBudget } from './event-budget.ts';
import type { GatewaySocket } from './gateway-socket.ts';
import type { Caller, RequestHandler } from './requests.ts';

export interface SocketInboxDeps {
  readonly registry: RoomRegistry;
  readonly handlers: ReadonlyMap<string, RequestHandler>;
  readonly deliver: (notices: readonly Notice[]) => void;
  readonly clock: Clock;
  readonly log: Log;
  readonly maxEventsPerMinute: number;
}

const acknowledgeSchema = v.function();
type Acknowledgement = v.InferOutput<typeof acknowledgeSchema>;
const requestPacketSchema = v.strictTuple([v.string(), v.unknown(), acknowledgeSchema]);
const messagePacketSchema = v.looseObject({ type: v.literal('message') });
const writeErrorSchema = v.looseObject({ message: v.literal('write error') });

/**
 * Everything that one socket sends comes in here, one event at a time. What is not a well-formed request is answered
 * with a typed error and ends this socket; nothing that a socket sends can throw out of here.
 */
export class SocketInbox {
  readonly #socket: GatewaySocket;
  readonly #caller: Caller;
  readonly #deps: SocketInboxDeps;
  readonly #budget: EventBudget;

  constructor(socket: GatewaySocket, address: string, deps: SocketInboxDeps) {
    this.#socket = socket;
    this.#caller = { connection: socket.id, address };
    this.#deps = deps;
    this.#budget = new EventBudget(deps.clock, deps.maxEventsPerMinute);
  }

  /** Starts listening. */
  open(): void {
    const socket = this.#socket;
    socket.conn.on('packet', (packet: unknown) => {
      if (v.is(messagePacketSchema, packet)) this.#count();
    });
    // The middleware sees every event, also those with names that an EventEmitter gives a meaning of its own
    // ("error"), and passes none of them on.
    socket.use((packet) => this.#guard('an event', () => this.#receive(packet)));
    socket.on('error', () => this.#guard('a broken packet', () => this.#refuse('bad-request')));
    socket.on('disconnect', (reason, cause: unknown) =>
      this.#guard('a disconnect', () => this.#disconnected(reason, cause)),
    );
  }

  /** Counts messages of every kind: acknowledgements and packets for other namespaces cost the server time as well. */
  #count(): void {
    this.#budget.spend();
    if (!this.#budget.isOverdrawn) return;
    // An event is read in a later tick than the packet it came in; by then it can be answered.
    setImmediate(() => this.#guard('a flood', () => this.#refuse('too-many-requests')));
  }

  #receive(packet: readonly unknown[]): void {
    // What came in one payload with a malformed event is still handed over after that ended the socket.
    if (!this.#socket.connected) return;
    const last = v.safeParse(acknowledgeSchema, packet.at(-1));
    const acknowledge = last.success ? last.output : undefined;
    if (this.#budget.isOverdrawn) return this.#refuse('too-many-requests', acknowledge);
    const parsed = v.safeParse(requestPacketSchema, packet);
    if (!parsed.success) return this.#refuse('bad-request', acknowledge);
    const [name, payload, answer] = parsed.output;
    this.#answer(name, payload, answer);
  }

  #answer(name: string, payload: unknown, acknowledge: Acknowledgement): void {
    const handle = this.#deps.handlers.get(name);
    if (handle === undefined) return this.#refuse('bad-request', acknowledge);
    try {
      const outcome = handle(payload, this.#caller);
      if (outcome === undefined) return this.#refuse('bad-request', acknowledge);
      this.#deps.deliver(outcome.notices);
      acknowledge(outcome.result);
    } catch (thrown) {
      this.#deps.log.error(`${name} failed: ${describeError(thrown)}`);
      acknowledge(failure('server-error'));
    }
  }

  /** Answers with the error, takes the socket's member out of its room at once, and disconnects it. */
  #refuse(code: SignalingErrorCode, acknowledge?: Acknowledgement): void {
    if (!this.#socket.connected) return;
    if (acknowledge === undefined) this.#socket.emit('error:raised', { code });
    else acknowledge(failure(code));
    this.#deps.deliver(this.#deps.registry.expel(this.#caller.connection));
    this.#socket.disconnect(true);
  }

  #disconnected(reason: string, cause: unknown): void {
    const { registry, deliver } = this.#deps;
    const { connection } = this.#caller;
    const isViolation = isTransportViolation(reason, cause, this.#socket.conn.transport.name);
    deliver(isViolation ? registry.expel(connection) : registry.drop(connection));
  }

  #guard(what: string, run: () => void): void {
    try {
      run();
    } catch (thrown) {
      this.#deps.log.error(`handling ${what} failed: ${describeError(thrown)}`);
    }
  }
}

/**
 * Whether a connection ended because what came was no Engine.IO, or no WebSocket, or too large; there is no way left
 * then to send an error. Of a WebSocket's errors, engine.io reports only these and failed writes.
 */
function isTransportViolation(reason: string, cause: unknown, transport: string): boolean {
  if (reason === 'parse error') return true;
  const isWebSocketError = reason === 'transport error' && transport === 'websocket';
  return isWebSocketError && !v.is(writeErrorSchema, cause);
}
