import * as v from 'valibot';
import type { ClientEvents } from '../protocol/events.ts';
import { PROTOCOL_VERSION } from '../protocol/limits.ts';
import type { IceServer } from '../protocol/replies.ts';
import {
  createRoomRequestSchema,
  joinRoomRequestSchema,
  leaveRoomRequestSchema,
  rejoinRoomRequestSchema,
  sendSignalRequestSchema,
} from '../protocol/requests.ts';
import { failure, success } from '../protocol/result.ts';
import type { ConnectionId } from '../rooms/member.ts';
import type { Outcome, RoomRegistry } from '../rooms/room-registry.ts';

/** Who asks. */
export interface Caller {
  readonly connection: ConnectionId;
  /** see `clientAddress` */
  readonly address: string;
}

/** What the operator set about how pages reach each other. */
export interface PathSettings {
  readonly iceServers: readonly IceServer[];
  /** the most lanes that one transfer uses */
  readonly maxLanes: number;
}

/** Answers one kind of request; undefined when the payload is malformed. */
export type RequestHandler = (payload: unknown, caller: Caller) => Outcome<unknown> | undefined;

/** The handlers of all requests, by event name. */
export function requestHandlers(
  registry: RoomRegistry,
  path: PathSettings,
): ReadonlyMap<string, RequestHandler> {
  const handlers = {
    'room:create': sameVersion(
      checked(createRoomRequestSchema, (request, { connection, address }) =>
        withPath(registry.create(connection, address, request), path),
      ),
    ),
    'room:join': sameVersion(
      checked(joinRoomRequestSchema, (request, { connection }) =>
        withPath(registry.join(connection, request), path),
      ),
    ),
    'room:rejoin': sameVersion(
      checked(rejoinRoomRequestSchema, (request, { connection }) =>
        registry.rejoin(connection, request),
      ),
    ),
    'room:leave': checked(leaveRoomRequestSchema, (_, { connection }) =>
      registry.leave(connection),
    ),
    'signal:send': checked(sendSignalRequestSchema, (request, { connection }) =>
      registry.signal(connection, request),
    ),
  } satisfies Record<keyof ClientEvents, RequestHandler>;
  return new Map(Object.entries(handlers));
}

function checked<Schema extends v.GenericSchema>(
  schema: Schema,
  handle: (request: v.InferOutput<Schema>, caller: Caller) => Outcome<unknown>,
): RequestHandler {
  return (payload, caller) => {
    const parsed = v.safeParse(schema, payload);
    return parsed.success ? handle(parsed.output, caller) : undefined;
  };
}

const versionedSchema = v.looseObject({ protocol: v.pipe(v.number(), v.integer()) });

/** Another version's request may look different; so its version is looked at before its form. */
function sameVersion(handler: RequestHandler): RequestHandler {
  return (payload, caller) => {
    const parsed = v.safeParse(versionedSchema, payload);
    if (parsed.success && parsed.output.protocol !== PROTOCOL_VERSION) {
      return { result: failure('protocol-mismatch'), notices: [] };
    }
    return handler(payload, caller);
  };
}

function withPath<Value extends object>(
  { result, notices }: Outcome<Value>,
  path: PathSettings,
): Outcome<Value & PathSettings> {
  return { result: result.ok ? success({ ...result.value, ...path }) : result, notices };
}
