import type { Socket } from 'socket.io-client';
import * as v from 'valibot';
import type { ClientEvents, ServerEvents } from '../../signaling/protocol/events.ts';
import { PROTOCOL_VERSION } from '../../signaling/protocol/limits.ts';
import {
  type CreateRoomReply,
  type IceServer,
  createRoomReplySchema,
  helloReplySchema,
  joinRoomReplySchema,
  rejoinRoomReplySchema,
} from '../../signaling/protocol/replies.ts';
import type { UploadSummary } from '../../signaling/protocol/uploads.ts';
import { signalingErrorCodeSchema } from '../../signaling/protocol/signaling-error-code.ts';
import { OnehopError } from '../errors/onehop-error.ts';
import type { ShareKeys } from '../share/share-keys.ts';

/** The one who shares, or one who receives. */
export type RoomRole = 'sender' | 'receiver';

/** A peer as the server sees it. */
export interface RoomPeer {
  readonly peerId: string;
  readonly online: boolean;
}

/** What a member keeps to take its place again: after its socket dropped, or on another page. */
export interface Membership {
  readonly token: string;
  /** said only when a place is newly taken, as the next */
  readonly iceServers: readonly IceServer[];
  /** the most lanes that one transfer uses */
  readonly maxLanes: number;
}

/** What the server says of uploads. */
export interface UploadNews {
  /** whether it takes any */
  readonly offered: boolean;
  /** what it has of the share; null for nothing */
  readonly upload: UploadSummary | null;
}

/** A place taken. */
export interface Entry extends UploadNews {
  readonly membership: Membership;
  readonly iceServers: readonly IceServer[];
  readonly maxLanes: number;
  /** for a receiver: whom to connect to */
  readonly sender: RoomPeer | null;
}

/** A connection to the signaling server. */
export type RoomSocket = Socket<ServerEvents, ClientEvents>;

/**
 * Creates the room or joins it. Waits for the answer for as long as the socket is connected.
 * @throws {OnehopError} a signaling code, or `signaling-unreachable`
 */
export async function enterRoom(
  socket: RoomSocket,
  role: RoomRole,
  { roomId, joinProof, joinVerifier }: ShareKeys,
): Promise<Entry> {
  const protocol = PROTOCOL_VERSION;
  if (role === 'sender') {
    const request = { protocol, roomId, joinVerifier };
    const answer = socket.emitWithAck('room:create', request);
    const reply = await readAnswer(answer, createRoomReplySchema);
    return { ...entryOf(reply), sender: null };
  }
  const request = { protocol, roomId, joinProof };
  const answer = socket.emitWithAck('room:join', request);
  const reply = await readAnswer(answer, joinRoomReplySchema);
  return { ...entryOf(reply), sender: reply.sender };
}

function entryOf({
  token,
  iceServers,
  maxLanes,
  uploads,
  upload,
}: CreateRoomReply): Omit<Entry, 'sender'> {
  const membership = { token, iceServers, maxLanes };
  return { membership, iceServers, maxLanes, offered: uploads, upload };
}

/** Who else is in the room, and what the server says of uploads. */
export interface Rejoined extends UploadNews {
  readonly peers: readonly RoomPeer[];
}

/**
 * Takes a place again. Waits for the answer for as long as the socket is connected.
 * @returns who else is in the room, or null where the place is gone: away too long, or the server was restarted
 * @throws {OnehopError} another signaling code, or `signaling-unreachable`
 */
export async function rejoinRoom(
  socket: RoomSocket,
  { roomId }: ShareKeys,
  { token }: Membership,
): Promise<Rejoined | null> {
  const request = { protocol: PROTOCOL_VERSION, roomId, token };
  const answer = socket.emitWithAck('room:rejoin', request);
  try {
    const { peers, uploads, upload } = await readAnswer(answer, rejoinRoomReplySchema);
    return { peers, offered: uploads, upload };
  } catch (error) {
    const gone = error instanceof OnehopError && GONE.has(error.reason);
    if (gone) return null;
    throw error;
  }
}

/** How long the server may take to answer a Hello, in milliseconds. */
const HELLO_LIMIT_MS = 10_000;

/** Says Hello to the server, and waits for its answer. @throws {OnehopError} a signaling code, or `signaling-unreachable` */
export async function greetServer(socket: RoomSocket): Promise<void> {
  const answer = socket.timeout(HELLO_LIMIT_MS).emitWithAck('hello:say', { hello: 'Hello' });
  await readAnswer(answer, helloReplySchema);
}

const GONE: ReadonlySet<string> = new Set(['rejoin-refused', 'share-not-found']);

const failureSchema = v.object({
  ok: v.literal(false),
  error: v.object({ code: signalingErrorCodeSchema }),
});

/** Checks the server's answer: the value it carries, or its error thrown. */
async function readAnswer<Schema extends v.GenericSchema>(
  answer: Promise<unknown>,
  schema: Schema,
): Promise<v.InferOutput<Schema>> {
  const result = await answer.catch((cause: unknown) => {
    throw new OnehopError('signaling-unreachable', { cause });
  });
  const failed = v.safeParse(failureSchema, result);
  if (failed.success) throw new OnehopError(failed.output.error.code);
  const succeeded = v.safeParse(v.object({ ok: v.literal(true), value: schema }), result);
  if (!succeeded.success) throw new OnehopError('server-error', { cause: succeeded.issues });
  return succeeded.output.value;
}
