import { fileURLToPath } from 'node:url';
import os from 'node:os';
import { withTemporaryFolder } from '../e2e/support/temporary-folder.ts';
import { startServerProcess } from '../signaling/testing/server-process.ts';
import { TestUpload } from '../signaling/testing/test-upload.ts';

// `npm run bench:server-memory`: how much memory the built server has at most while 50 shares of 100 MB come in and each is
// downloaded meanwhile, all at once. Linux only. `-- 20 50` for 20 shares of 50 MB.
const SITE = fileURLToPath(new URL('../dist', import.meta.url));
const MB = 1_000_000;
const MIB = 1024 * 1024;
const UNIT_BYTES = 256 * 1024 + 28;
const [shares = 50, megabytes = 100] = process.argv.slice(2).map(Number);
const CHUNK = new Uint8Array(UNIT_BYTES);

/** `length` bytes, made as they are taken. */
function bytes(length: number): ReadableStream<Uint8Array> {
  let left = length;
  return new ReadableStream({
    pull(controller) {
      const next = Math.min(left, CHUNK.length);
      if (next > 0) controller.enqueue(CHUNK.slice(0, next));
      else controller.close();
      left -= next;
    },
  });
}

async function take(answer: Response): Promise<void> {
  let count = 0;
  for await (const chunk of answer.body ?? []) count += chunk.length;
  const wanted = Number(answer.headers.get('content-length'));
  if (answer.status !== 206 || count !== wanted)
    throw new Error(`${count} of ${wanted} bytes came`);
}

async function transfer(url: string, link: number): Promise<void> {
  const length = megabytes * MB;
  const upload = await new TestUpload(url, { link, length, unit: UNIT_BYTES }).create();
  const claim = await upload.claim();
  const content = await upload.content(claim, `0-${length - 1}`);
  await Promise.all([give(upload, length), take(content)]);
}

async function give(upload: TestUpload, length: number): Promise<void> {
  const answer = await upload.stream(0, bytes(length));
  if (answer.status !== 204) throw new Error(`it was refused: ${await answer.text()}`);
}

await withTemporaryFolder(os.tmpdir(), async (folder) => {
  const server = await startServerProcess(SITE, folder, {}, 'built');
  try {
    const startMiB = (await server.peakMemory()) / MIB;
    const begun = performance.now();
    await Promise.all(Array.from({ length: shares }, (_, link) => transfer(server.url, link)));
    const seconds = (performance.now() - begun) / 1_000;
    const peakMiB = (await server.peakMemory()) / MIB;
    const figures = { shares, megabytes, seconds, startMiB, peakMiB };
    const rounded = Object.entries(figures).map(([name, value]) => [
      name,
      Number(value.toFixed(1)),
    ]);
    console.log(JSON.stringify(Object.fromEntries(rounded)));
  } finally {
    await server.kill();
  }
});
