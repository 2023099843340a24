import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { type Random, seededRandom } from '../../client/testing/random.ts';

const SEED = 4;
const LINES_AT_ONCE = 2_000;
const METHODS = ['GET', 'GET', 'GET', 'GET', 'POST', 'PUT', 'DELETE'] as const;
const STATUSES = [200, 200, 200, 200, 200, 201, 204, 304, 404, 500] as const;
const SECTIONS = ['orders', 'customers', 'items', 'invoices', 'sessions', 'search'] as const;
const AGENTS = [
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 14_6) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:142.0) Gecko/20100101 Firefox/142.0',
  'inventory-sync/2.14.3 (+https://inventory.example/sync)',
] as const;

/** Writes lines of a web service's log, as JSON, of at least this many bytes. Resolves to how many. They deflate to about 14 %. */
export async function writeJsonLines(file: string, bytes: number): Promise<number> {
  const random = seededRandom(SEED);
  const stream = createWriteStream(file);
  let written = 0;
  let time = Date.UTC(2026, 0, 1);
  while (written < bytes) {
    let text = '';
    for (let line = 0; line < LINES_AT_ONCE && written + text.length < bytes; line += 1) {
      time += random.below(80);
      text += logLine(random, time);
    }
    written += text.length;
    if (!stream.write(text)) await once(stream, 'drain');
  }
  stream.end();
  await finished(stream);
  return written;
}

/** One line, in ASCII. */
export function logLine(random: Random, time: number): string {
  const section = pick(random, SECTIONS);
  const line = {
    time: new Date(time).toISOString(),
    level: random.chance(0.05) ? 'warn' : 'info',
    service: `${section}-api`,
    host: `node-${random.below(12)}.eu-central.example`,
    request: {
      id: hex(random, 20),
      method: pick(random, METHODS),
      account: hex(random, 4),
      path: `/v2/${section}/${random.below(40_000)}`,
      agent: pick(random, AGENTS),
      address: `10.${random.below(4)}.${random.below(32)}.${random.below(256)}`,
    },
    response: {
      status: pick(random, STATUSES),
      bytes: 200 + random.below(4_000),
      milliseconds: random.below(300),
    },
    message: 'request served',
  };
  return `${JSON.stringify(line)}\n`;
}

function pick<Value>(random: Random, values: readonly [Value, ...Value[]]): Value {
  return values[random.below(values.length)] ?? values[0];
}

function hex(random: Random, length: number): string {
  return Buffer.from(random.bytes(length)).toString('hex');
}
