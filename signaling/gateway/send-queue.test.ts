import { EventEmitter } from 'node:events';
import { expect, test, vi } from 'vitest';
import { limitSendQueue, MAX_WAITING } from './send-queue.ts';

function connect() {
  const connection = Object.assign(new EventEmitter(), { close: vi.fn<() => void>() });
  limitSendQueue(connection);
  const queue = (length: number) => connection.emit('packetCreate', { data: 'x'.repeat(length) });
  return { connection, queue };
}

test('[SG9] a connection that does not read is let go', () => {
  const { connection, queue } = connect();
  queue(MAX_WAITING);
  expect(connection.close).not.toHaveBeenCalled();
  queue(1);
  expect(connection.close).toHaveBeenCalledWith(true);
});

test('a connection that reads may get any amount', () => {
  const { connection, queue } = connect();
  for (let number = 0; number < 4; number += 1) {
    queue(MAX_WAITING);
    connection.emit('flush');
  }
  expect(connection.close).not.toHaveBeenCalled();
});
