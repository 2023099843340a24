import type { EventEmitter } from 'node:events';
import * as v from 'valibot';

/** How much may wait for one socket that does not read, in UTF-16 units. */
export const MAX_WAITING = 8 * 1024 * 1024;

/** What is needed of an engine.io connection. */
type Connection = Pick<EventEmitter, 'on'> & { close(discard: boolean): void };

const packetSchema = v.looseObject({ data: v.string() });

/**
 * Lets go of a connection that reads more slowly than others send to it, before it fills this server's memory.
 * It may come back and rejoin, as after any lost connection.
 */
export function limitSendQueue(connection: Connection): void {
  let waiting = 0;
  connection.on('packetCreate', (packet: unknown) => {
    const parsed = v.safeParse(packetSchema, packet);
    if (parsed.success) waiting += parsed.output.data.length;
    if (waiting > MAX_WAITING) connection.close(true);
  });
  connection.on('flush', () => {
    waiting = 0;
  });
}
