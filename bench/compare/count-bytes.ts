import { subscribe } from 'node:diagnostics_channel';
import { renameSync, writeFileSync } from 'node:fs';
import { Socket } from 'node:net';

// Loaded into a server before it starts: writes into a file, four times a second, how many bytes its connections carried, both
// ways together. That costs it nothing that could be measured, as a proxy in front of it would.
const INTERVAL_MS = 250;
const file = process.env['COUNT_BYTES_FILE'] ?? '';
const open = new Set<Socket>();
let closed = 0;

subscribe('net.server.socket', (message) => {
  if (typeof message !== 'object' || message === null || !('socket' in message)) return;
  const { socket } = message;
  if (!(socket instanceof Socket)) return;
  open.add(socket);
  socket.once('close', () => {
    open.delete(socket);
    closed += bytesOf(socket);
  });
});

setInterval(() => {
  const now = [...open].reduce((sum, socket) => sum + bytesOf(socket), closed);
  // Who reads it finds all of the number, or all of the one before.
  writeFileSync(`${file}.new`, String(now));
  renameSync(`${file}.new`, file);
}, INTERVAL_MS).unref();

function bytesOf({ bytesRead, bytesWritten }: Socket): number {
  return bytesRead + bytesWritten;
}
