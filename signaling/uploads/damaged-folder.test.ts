import { mkdir, mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ServerProcess, startServerProcess } from '../testing/server-process.ts';
import { makeSiteFolder } from '../testing/test-server.ts';
import { failureOf, TestUpload } from '../testing/test-upload.ts';

let site: string;
let data: string;
let server: ServerProcess | undefined;

beforeEach(async () => {
  [site, data] = [await makeSiteFolder(), await mkdtemp(join(tmpdir(), 'onehop-data-'))];
});

afterEach(async () => {
  await server?.kill();
  server = undefined;
  await Promise.all([rm(site, { recursive: true }), rm(data, { recursive: true })]);
});

const pathOf = (name: string) => join(data, 'uploads', name);
const idOf = ({ path }: TestUpload) => path.split('/').at(-1) ?? '';

/** What may become of an upload's two files. */
const DAMAGES: readonly (readonly [string, (id: string) => Promise<void>])[] = [
  ['a record cut off', (id) => truncate(pathOf(`${id}.json`), 40)],
  ['an empty record', (id) => truncate(pathOf(`${id}.json`), 0)],
  ['garbage as a record', (id) => writeFile(pathOf(`${id}.json`), Buffer.alloc(99, 0xff))],
  ['no record', (id) => rm(pathOf(`${id}.json`))],
  ['no bytes', (id) => rm(pathOf(`${id}.bytes`))],
  [
    'a folder in place of the record',
    async (id) => {
      await rm(pathOf(`${id}.json`));
      await mkdir(pathOf(`${id}.json`));
    },
  ],
  [
    'a folder in place of the bytes',
    async (id) => {
      await rm(pathOf(`${id}.bytes`));
      await mkdir(pathOf(`${id}.bytes`));
      await writeFile(pathOf(`${id}.bytes/inside`), 'somebody’s');
    },
  ],
];

/** What no server of ours puts there, or not under that name: it is left alone. */
const STRAY = ['README', '.hidden', `${'A'.repeat(21)}.bytes`, `${'A'.repeat(23)}.json`];

test(
  '[UP8] of a damaged data folder a server has what is whole, and lets go of what is not',
  { timeout: 120_000 },
  async () => {
    const first = await startServerProcess(site, data);
    server = first;
    const whole = async (link: number) => {
      const upload = await new TestUpload(first.url, { link }).create();
      expect((await upload.patch(0, 100)).status).toBe(204);
      return upload;
    };
    const intact = await whole(1);
    const short = await whole(2);
    const damaged = [];
    for (const index of DAMAGES.keys()) damaged.push(await whole(index + 3));
    await first.kill();
    for (const [index, [, damage]] of DAMAGES.entries()) {
      const upload = damaged[index];
      if (upload !== undefined) await damage(idOf(upload));
    }
    await truncate(pathOf(`${idOf(short)}.bytes`), 37);
    for (const name of STRAY) await writeFile(pathOf(name), 'stray');
    await writeFile(pathOf(`${'Z'.repeat(21)}w.json.new`), '{"ver');
    const second = await startServerProcess(site, data);
    server = second;

    const again = (upload: TestUpload, link: number) => {
      const found = new TestUpload(second.url, { link });
      found.path = upload.path;
      return found;
    };
    const there = again(intact, 1);
    expect(await there.status()).toMatchObject({ offset: 100, complete: true });
    const content = await there.content(await there.claim(), '0-99');
    expect(new Uint8Array(await content.arrayBuffer())).toEqual(there.bytes());

    // Bytes that went missing are asked of their sender again, from a whole record on.
    const mended = again(short, 2);
    expect(await mended.offset()).toBe(30);
    expect((await mended.patch(30, 100)).status).toBe(204);
    const rest = await mended.content(await mended.claim(), '0-99');
    expect(new Uint8Array(await rest.arrayBuffer())).toEqual(mended.bytes());

    for (const [index, [name]] of DAMAGES.entries()) {
      const upload = damaged[index];
      if (upload === undefined) continue;
      const gone = again(upload, index + 3);
      const asked = await gone.content(gone.link.joinProof, '0-9');
      expect([
        name,
        await gone.status(),
        (await gone.head()).status,
        await failureOf(await gone.patch(0, 10)),
        await gone.claim(),
        await failureOf(asked),
        // The share is free for another try.
        (await (await gone.create()).delete()).status,
      ]).toEqual([
        name,
        'upload-not-found',
        404,
        '404 upload-not-found',
        'upload-not-found',
        '404 upload-not-found',
        204,
      ]);
    }
    const ours = [intact, short].flatMap((one) => [`${idOf(one)}.bytes`, `${idOf(one)}.json`]);
    const folders = damaged.slice(-2).map((one, index) => idOf(one) + ['.json', '.bytes'][index]);
    const left = await readdir(join(data, 'uploads'));
    expect(left.toSorted()).toEqual([...ours, ...folders, ...STRAY].toSorted());
  },
);
