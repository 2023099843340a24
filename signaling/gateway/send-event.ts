import type { RoomEvent } from '../rooms/notice.ts';
import type { GatewaySocket } from './gateway-socket.ts';

/** Sends a room's event to one socket. */
export function sendEvent(socket: GatewaySocket, event: RoomEvent): void {
  switch (event.name) {
    case 'peer:joined':
    case 'peer:offline':
    case 'peer:online':
    case 'peer:left':
      socket.emit(event.name, event.payload);
      break;
    case 'room:closed':
      socket.emit(event.name, event.payload);
      break;
    case 'upload:changed':
      socket.emit(event.name, event.payload);
      break;
    case 'note:relayed':
      socket.emit(event.name, event.payload);
      break;
    case 'signal:relayed':
      socket.emit(event.name, event.payload);
      break;
  }
}
