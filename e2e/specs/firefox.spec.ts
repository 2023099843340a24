import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '../fixtures/firefox-test.ts';
import { manyFiles, readTree } from '../support/file-tree.ts';
import { FirefoxReceivingPage, FirefoxSendingPage } from '../support/firefox-page.ts';
import { randomFile } from '../support/random-file.ts';
import type { SavedFile } from '../support/receiving-page.ts';
import { firstDifference } from '../support/same-bytes.ts';
import { MIB } from '../support/sizes.ts';
import { expectArrived } from '../support/transfer.ts';
import { unzip } from '../support/unzip.ts';

const LARGE_BYTES = 96 * MIB + 7;
const MANY = { count: 300, size: 3000 };

/** Many files, by their paths, and a folder to unpack an archive of them into. */
async function makeMany(folder: string) {
  const many = path.join(folder, 'many');
  await manyFiles(many, MANY);
  const expected = await readTree(many);
  const files = Object.keys(expected).map((name) => path.join(many, name));
  /** Their contents by their names alone: file pickers hand no folders on. */
  const byName = (tree: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(tree).map(([name, hash]) => [path.basename(name), hash]));
  const expectAll = async (archive: SavedFile): Promise<void> => {
    const unpacked = path.join(folder, 'unpacked');
    await mkdir(unpacked);
    await unzip(archive.path, unpacked);
    expect(await readTree(unpacked)).toEqual(byName(expected));
  };
  return { files, expectAll };
}

test(
  'Chromium sends a large file to Firefox, which reloads in the middle',
  { tag: '@long' },
  async ({ firefox, sending, folder }) => {
    const file = await randomFile(folder, { name: 'large.bin', size: LARGE_BYTES });
    const receiving = new FirefoxReceivingPage(await firefox.newPage(), firefox);
    await receiving.open(await sending.share(file.path));
    await receiving.receive();
    await receiving.expectMidway();
    await receiving.reload();
    await receiving.expectDone();
    const saved = await receiving.save(file.name);
    expect(await firstDifference(file.path, saved.path)).toBeNull();
  },
);

test(
  'Firefox sends a large file to Chromium, which reloads in the middle',
  { tag: '@long' },
  async ({ firefox, receiving, site, folder }) => {
    const file = await randomFile(folder, { name: 'large.bin', size: LARGE_BYTES });
    const sending = new FirefoxSendingPage(await firefox.newPage(), site.url);
    await receiving.open(await sending.share(file.path));
    await receiving.receive();
    await receiving.expectMidway();
    await receiving.page.reload();
    await expectArrived(receiving, file);
  },
);

test(
  'Firefox reloads in the middle of sending, and goes on with the same file',
  { tag: '@long' },
  async ({ firefox, receiving, site, folder }) => {
    const file = await randomFile(folder, { name: 'large.bin', size: LARGE_BYTES });
    const sending = new FirefoxSendingPage(await firefox.newPage(), site.url);
    const link = await sending.share(file.path);
    await receiving.open(link);
    await receiving.receive();
    await receiving.expectMidway();
    await sending.reload();
    await sending.expectState(/^interrupted$/);
    await sending.choose(file.path);
    expect(await sending.link()).toBe(link);
    await expectArrived(receiving, file);
  },
);

test(
  'Chromium sends many files to Firefox',
  { tag: '@long' },
  async ({ firefox, sending, folder }) => {
    const { files, expectAll } = await makeMany(folder);
    const receiving = new FirefoxReceivingPage(await firefox.newPage(), firefox);
    await receiving.open(await sending.share(...files));
    await receiving.expectOffered();
    await receiving.receive();
    await receiving.expectDone();
    await expectAll(await receiving.saveAll());
  },
);

test('Firefox sends many files to Chromium', async ({ firefox, receiving, site, folder }) => {
  const { files, expectAll } = await makeMany(folder);
  const sending = new FirefoxSendingPage(await firefox.newPage(), site.url);
  await receiving.open(await sending.share(...files));
  await receiving.receive();
  await receiving.expectDone();
  await expectAll(await receiving.saveAll());
});
