import type {
  CreateRoomReply,
  EmptyReply,
  ErrorEvent,
  HelloReply,
  JoinRoomReply,
  NoteEvent,
  PeerEvent,
  RejoinRoomReply,
  RoomClosedEvent,
  SignalEvent,
  UploadChangedEvent,
} from './replies.ts';
import type {
  CreateRoomRequest,
  HelloRequest,
  JoinRoomRequest,
  LeaveRoomRequest,
  RejoinRoomRequest,
  SendNoteRequest,
  SendSignalRequest,
} from './requests.ts';
import type { Result } from './result.ts';
import type { SignalingErrorCode } from './signaling-error-code.ts';

/** How the server acknowledges a request. */
export type Acknowledge<Reply> = (result: Result<Reply, SignalingErrorCode>) => void;

/** What a page sends to the server; each is answered through its acknowledgement. */
export interface ClientEvents {
  'room:create': (request: CreateRoomRequest, acknowledge: Acknowledge<CreateRoomReply>) => void;
  'room:join': (request: JoinRoomRequest, acknowledge: Acknowledge<JoinRoomReply>) => void;
  'room:rejoin': (request: RejoinRoomRequest, acknowledge: Acknowledge<RejoinRoomReply>) => void;
  'room:leave': (request: LeaveRoomRequest, acknowledge: Acknowledge<EmptyReply>) => void;
  'signal:send': (request: SendSignalRequest, acknowledge: Acknowledge<EmptyReply>) => void;
  'note:send': (request: SendNoteRequest, acknowledge: Acknowledge<EmptyReply>) => void;
  'hello:say': (request: HelloRequest, acknowledge: Acknowledge<HelloReply>) => void;
}

/**
 * What the server sends to a page. A sender hears of its receivers, a receiver of its sender:
 * `peer:offline` when a socket dropped and may come back, `peer:online` when it did, `peer:left` when it will not.
 * Both hear of what the share has on the server.
 */
export interface ServerEvents {
  'peer:joined': (event: PeerEvent) => void;
  'peer:offline': (event: PeerEvent) => void;
  'peer:online': (event: PeerEvent) => void;
  'peer:left': (event: PeerEvent) => void;
  'room:closed': (event: RoomClosedEvent) => void;
  'signal:relayed': (event: SignalEvent) => void;
  'note:relayed': (event: NoteEvent) => void;
  'upload:changed': (event: UploadChangedEvent) => void;
  'error:raised': (event: ErrorEvent) => void;
}
