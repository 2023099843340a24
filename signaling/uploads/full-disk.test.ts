import { readdir, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, type TestContext } from 'vitest';
import { type ServerProcess, startServerProcess } from '../testing/server-process.ts';
import { mountSmallDisk, type SmallDisk } from '../testing/small-disk.ts';
import { testLink } from '../testing/test-link.ts';
import { TestPage } from '../testing/test-page.ts';
import { makeSiteFolder } from '../testing/test-server.ts';
import { failureOf, TestUpload } from '../testing/test-upload.ts';

const MIB = 1024 * 1024;
const DISK_MIB = 8;
const UNIT = 256 * 1024;
const FULL = '507 server-storage-full';

let disk: SmallDisk | null;
let site: string;
let server: ServerProcess | undefined;

beforeEach(async () => {
  [disk, site] = [await mountSmallDisk(DISK_MIB), await makeSiteFolder()];
});

afterEach(async () => {
  await server?.kill();
  server = undefined;
  await disk?.remove();
  await rm(site, { recursive: true });
});

/** Starts a server on a disk of its own; skips the test where there can be none. */
async function startOnSmallDisk(context: TestContext): Promise<SmallDisk & { url: string }> {
  if (disk === null) context.skip('No disk can be mounted here: that takes Linux and root.');
  if (disk === null) throw new Error('skipped');
  server = await startServerProcess(site, disk.folder, { MIN_FREE_BYTES: '0' });
  return { ...disk, url: server.url };
}

const files = (folder: string) => readdir(join(folder, 'uploads'));

async function usedBytes(folder: string): Promise<number> {
  const { blocks, bfree, bsize } = await statfs(folder);
  return (blocks - bfree) * bsize;
}

test(
  '[UP15][UP5] a disk that is full in the middle of a part is a typed error, and harms nothing else',
  { timeout: 120_000 },
  async (context) => {
    const { url, folder } = await startOnSmallDisk(context);
    const atFirst = await usedBytes(folder);
    // Both fit as long as the other has brought nothing.
    const make = (link: number) => new TestUpload(url, { link, length: 5 * MIB, unit: UNIT });
    const [first, second] = [await make(1).create(), await make(2).create()];
    expect((await first.patch(0, 5 * MIB)).status).toBe(204);

    expect(await failureOf(await second.patch(0, 5 * MIB))).toBe(FULL);
    // Whole records that were written before that stay, and may be gone on with.
    const kept = await second.offset();
    expect(kept % UNIT).toBe(0);
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThan(3 * MIB);
    expect(await failureOf(await second.patch(kept, 5 * MIB))).toBe(FULL);
    expect(await failureOf(await make(3).post())).toBe(FULL);

    // Neither the others' files nor signaling notice.
    const content = await first.content(await first.claim(), `0-${5 * MIB - 1}`);
    expect(Buffer.compare(Buffer.from(await content.arrayBuffer()), first.bytes())).toBe(0);
    const page = await new TestPage(url).connected();
    expect(await page.create(testLink(4))).toMatchObject({ uploads: true, upload: null });
    page.close();

    // What is given up leaves nothing, and what it took is there for the next.
    expect((await second.delete()).status).toBe(204);
    expect((await files(folder)).length).toBe(2);
    expect(await usedBytes(folder)).toBeLessThan(atFirst + 5 * MIB + UNIT);
    expect((await first.delete()).status).toBe(204);
    expect(await files(folder)).toEqual([]);
    expect(await usedBytes(folder)).toBeLessThan(atFirst + UNIT);
    const later = await make(3).create();
    expect((await later.patch(0, 5 * MIB)).status).toBe(204);
    const whole = await later.content(await later.claim(), `0-${5 * MIB - 1}`);
    expect(Buffer.compare(Buffer.from(await whole.arrayBuffer()), later.bytes())).toBe(0);
  },
);
