import type { Socket } from 'socket.io';
import type { ClientEvents, ServerEvents } from '../protocol/events.ts';

/** A Socket.IO socket that speaks this protocol. */
export type GatewaySocket = Socket<ClientEvents, ServerEvents>;
