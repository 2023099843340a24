import type { Server } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import type { Socket } from 'node:net';

/** The TCP sockets of a server, so that none outlives it. */
export class OpenSockets {
  readonly #sockets = new Set<Socket>();

  constructor(server: Server | HttpsServer) {
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  /** Cuts off those that are left. */
  destroy(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}
