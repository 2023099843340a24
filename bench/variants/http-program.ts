import { createReadStream, createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

// What plain HTTP makes of the two hops: a server that keeps what is PUT to /bytes in a file, and gives it to who GETs it.
//   http-program.ts ADDRESS PORT FOLDER      prints "listening", and serves until it is ended

const [address = '', port = '', folder = ''] = process.argv.slice(2);
const file = join(folder, 'bytes');

const server = createServer((request, response) => {
  const answer = async (): Promise<void> => {
    if (request.url !== '/bytes') {
      response.setHeader('Content-Type', 'text/html').end('<!doctype html><title>plain</title>');
    } else if (request.method === 'PUT') {
      await pipeline(request, createWriteStream(file));
      response.writeHead(204).end();
    } else {
      response.setHeader('Content-Type', 'application/octet-stream');
      response.setHeader('Cache-Control', 'no-store');
      await pipeline(createReadStream(file), response);
    }
  };
  answer().catch(() => response.destroy());
});
server.requestTimeout = 0;
server.listen(Number(port), address);
await once(server, 'listening');
console.log('listening');
