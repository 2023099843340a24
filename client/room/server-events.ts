import * as v from 'valibot';
import {
  errorEventSchema,
  noteEventSchema,
  peerEventSchema,
  roomClosedEventSchema,
  signalEventSchema,
  uploadChangedEventSchema,
} from '../../signaling/protocol/replies.ts';
import type { ErrorReason } from '../errors/error-reason.ts';
import type { RoomSocket } from './membership.ts';
import type { RoomListener } from './room.ts';

/** Who hears what the server sends of itself. */
export interface ServerHearing {
  /** false once the socket is given up: then nothing more is heard from it */
  isHeard(): boolean;
  readonly listener: Pick<RoomListener, 'onPeer' | 'onSignal' | 'onNote' | 'onUpload'>;
  /** the room is closed, or the server sent what it should not: `server-error` */
  onClosed(reason: ErrorReason): void;
}

/** Passes on what comes from the server on this socket, each event checked first. */
export function hearServer(socket: RoomSocket, hearing: ServerHearing): void {
  const { listener } = hearing;
  const checked = <Schema extends v.GenericSchema>(
    schema: Schema,
    handle: (event: v.InferOutput<Schema>) => void,
  ): ((event: unknown) => void) => {
    return (event) => {
      if (!hearing.isHeard()) return;
      const parsed = v.safeParse(schema, event);
      if (parsed.success) handle(parsed.output);
      else hearing.onClosed('server-error');
    };
  };
  const onPeer = (online: boolean) =>
    checked(peerEventSchema, ({ peerId }) => listener.onPeer({ peerId, online }));
  socket.on('peer:joined', onPeer(true));
  socket.on('peer:online', onPeer(true));
  socket.on('peer:offline', onPeer(false));
  socket.on('peer:left', onPeer(false));
  socket.on(
    'signal:relayed',
    checked(signalEventSchema, ({ from, lane, signal }) => listener.onSignal(from, lane, signal)),
  );
  socket.on(
    'note:relayed',
    checked(noteEventSchema, ({ from, note }) => listener.onNote?.(from, note)),
  );
  socket.on(
    'upload:changed',
    checked(uploadChangedEventSchema, ({ upload }) => listener.onUpload(upload, true)),
  );
  socket.on(
    'room:closed',
    checked(roomClosedEventSchema, ({ reason }) => hearing.onClosed(reason)),
  );
  socket.on(
    'error:raised',
    checked(errorEventSchema, ({ code }) => hearing.onClosed(code)),
  );
}
