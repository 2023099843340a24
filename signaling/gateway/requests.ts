import * as v from 'valibot';
import type { ClientEvents } from '../protocol/events.ts';
import { PROTOCOL_VERSION } from '../protocol/limits.ts';
import type { IceServer } from '../protocol/replies.ts';
import {
  createRoomRequestSchema,
  helloRequestSchema,
  joinRoomRequestSchema,
  leaveRoomRequestSchema,
  rejoinRoomRequestSchema,
  sendNoteRequestSchema,
  sendSignalRequestSchema,
} from '../protocol/requests.ts';
import { failure, success } from '../protocol/result.ts';
import type { UploadSummary } from '../protocol/uploads.ts';
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

/** What members of a room are told of the share's upload. */
export interface UploadNews {
  /** whether the server takes uploads */
  readonly uploads: boolean;
  /** what the share has; null when it has nothing, or what it has belongs to another link */
  readonly uploadOf: (roomId: string) => UploadSummary | null;
}

/** Answers one kind of request; undefined when the payload is malformed. */
export type RequestHandler = (payload: unknown, caller: Caller) => Outcome<unknown> | undefined;

/** The handlers of all requests, by event name. */
export function requestHandlers(
  registry: RoomRegistry,
  path: PathSettings,
  news: UploadNews,
): ReadonlyMap<string, RequestHandler> {
  const newsOf = ({ roomId }: { readonly roomId: string }) => ({
    uploads: news.uploads,
    upload: news.uploadOf(roomId),
  });
  const handlers = {
    'room:create': sameVersion(
      checked(createRoomRequestSchema, (request, { connection, address }) =>
        extend(registry.create(connection, address, request), { ...path, ...newsOf(request) }),
      ),
    ),
    'room:join': sameVersion(
      checked(joinRoomRequestSchema, (request, { connection }) =>
        extend(registry.join(connection, request), { ...path, ...newsOf(request) }),
      ),
    ),
    'room:rejoin': sameVersion(
      checked(rejoinRoomRequestSchema, (request, { connection }) =>
        extend(registry.rejoin(connection, request), newsOf(request)),
      ),
    ),
    'room:leave': checked(leaveRoomRequestSchema, (_, { connection }) =>
      registry.leave(connection),
    ),
    'signal:send': checked(sendSignalRequestSchema, (request, { connection }) =>
      registry.signal(connection, request),
    ),
    'note:send': checked(sendNoteRequestSchema, (request, { connection }) =>
      registry.note(connection, request),
    ),
    'hello:say': checked(helloRequestSchema, (_, { connection }) => registry.hello(connection)),
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

function extend<Value extends object, More extends object>(
  { result, notices }: Outcome<Value>,
  more: More,
): Outcome<Value & More> {
  return { result: result.ok ? success({ ...result.value, ...more }) : result, notices };
}
