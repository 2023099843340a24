import { mkdtemp, rm } from 'node:fs/promises';
import { platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startServerProcess } from '../testing/server-process.ts';
import { makeSiteFolder } from '../testing/test-server.ts';
import { TestUpload } from '../testing/test-upload.ts';

const MIB = 1024 * 1024;
const PART = new Uint8Array(MIB);

/** `length` bytes, made as they are taken. */
function zeros(length: number): ReadableStream<Uint8Array> {
  let left = length;
  return new ReadableStream({
    pull(controller) {
      if (left > 0) controller.enqueue(PART.slice(0, Math.min(left, MIB)));
      else controller.close();
      left -= MIB;
    },
  });
}

async function countBytes(answer: Response): Promise<number> {
  let count = 0;
  for await (const chunk of answer.body ?? []) count += chunk.length;
  return count;
}

test.skipIf(platform() !== 'linux')(
  'the server holds no upload in memory, however many come and go at once',
  { timeout: 120_000 },
  async () => {
    const site = await makeSiteFolder();
    const data = await mkdtemp(join(tmpdir(), 'onehop-data-'));
    const server = await startServerProcess(site, data);
    const before = await server.peakMemory();
    const length = 24 * MIB;
    const transfer = async (link: number) => {
      const upload = await new TestUpload(server.url, { link, length, unit: MIB }).create();
      const readers = [1, 2].map(async (receiver) => {
        const claim = await upload.claim(receiver);
        return await countBytes(await upload.content(claim, `0-${length - 1}`));
      });
      expect((await upload.stream(0, zeros(length))).status).toBe(204);
      expect(await Promise.all(readers)).toEqual([length, length]);
    };
    await Promise.all(Array.from({ length: 16 }, (_, link) => transfer(link)));
    // 384 MiB came in and 768 MiB went out. What is left is buffers, and garbage that waits to be collected.
    expect((await server.peakMemory()) - before).toBeLessThan(150 * MIB);
    await server.kill();
    await Promise.all([rm(site, { recursive: true }), rm(data, { recursive: true })]);
  },
);
