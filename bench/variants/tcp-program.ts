import { once } from 'node:events';
import { type Socket, connect, createServer } from 'node:net';

// What TCP makes of a path: one connection, one way, with the kernel's defaults. Run in the places of a lab as
//   tcp-program.ts serve ADDRESS PORT BYTES      prints "listening", sends to the first who connects, and ends
//   tcp-program.ts fetch ADDRESS PORT LIMIT      prints "begun", and {"bytes", "seconds"} from its call of connect on until
//                                                all have come, or LIMIT milliseconds are over

const CHUNK = Buffer.alloc(256 * 1024);
const [role, address = '', port = '', amount = ''] = process.argv.slice(2);

if (role === 'serve') await serve(Number(amount));
else await fetchAll(Number(amount));

async function serve(total: number): Promise<void> {
  const server = createServer();
  server.listen(Number(port), address);
  await once(server, 'listening');
  console.log('listening');
  const [socket]: Socket[] = await once(server, 'connection');
  server.close();
  if (socket === undefined) return;
  // A receiver whose time is over goes in the middle.
  socket.once('error', () => process.exit());
  for (let left = total; left > 0; left -= CHUNK.length) {
    const chunk = left < CHUNK.length ? CHUNK.subarray(0, left) : CHUNK;
    if (!socket.write(chunk)) await once(socket, 'drain');
  }
  socket.end();
}

async function fetchAll(limitMs: number): Promise<void> {
  console.log('begun');
  const begun = performance.now();
  const socket = connect(Number(port), address);
  let received = 0;
  let last = begun;
  socket.on('data', (data) => {
    received += data.length;
    last = performance.now();
  });
  const end = AbortSignal.timeout(limitMs);
  await once(socket, 'end', { signal: end }).catch(() => socket.destroy());
  console.log(JSON.stringify({ bytes: received, seconds: (last - begun) / 1000 }));
}
