import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '../fixtures/test.ts';
import { dropFiles } from '../support/drop-files.ts';
import { below, filesOnly, manyFiles, oddTree, readTree } from '../support/file-tree.ts';
import type { ReceivingPage } from '../support/receiving-page.ts';
import { noteSeconds } from '../support/transfer.ts';
import { unzip } from '../support/unzip.ts';

const FILES = 10_000;
const FILE_BYTES = 1024;

/** Saves everything as a ZIP archive, and reads it back with another program. */
async function savedTree(receiving: ReceivingPage, folder: string) {
  const archive = await receiving.saveAll();
  const unpacked = path.join(folder, 'unpacked');
  await mkdir(unpacked);
  await unzip(archive.path, unpacked);
  return await readTree(unpacked);
}

test('a folder of 10,000 small files arrives as it was sent, paths included', async ({
  sending,
  receiving,
  folder,
}, testInfo) => {
  const many = path.join(folder, 'many');
  await manyFiles(many, { count: FILES, size: FILE_BYTES });
  await sending.open();
  await sending.sendBy('Directly');
  await receiving.open(await sending.chooseFolder(many));
  await receiving.expectOffered();
  const started = performance.now();
  await receiving.receive();
  await receiving.expectDone();
  noteSeconds(testInfo, '10,000 files of 1 KiB took', performance.now() - started);
  expect(await savedTree(receiving, folder)).toEqual(below('many', await readTree(many)));
});

test('a dropped folder with folders in it arrives with every path, empty folders too', async ({
  sending,
  receiving,
  folder,
}) => {
  const nested = path.join(folder, 'nested');
  await mkdir(nested);
  await oddTree(nested);
  await sending.open();
  await expect(sending.main).toHaveAttribute('data-state', 'idle');
  await dropFiles(sending.page, [nested], { x: 5, y: 5 });
  await receiving.open(await sending.link());
  await receiving.receive();
  await receiving.expectDone();
  expect(await savedTree(receiving, folder)).toEqual(below('nested', await readTree(nested)));
});

test('a folder from the folder picker arrives with the path of every file', async ({
  sending,
  receiving,
  folder,
}) => {
  const nested = path.join(folder, 'nested');
  await mkdir(nested);
  await oddTree(nested);
  await sending.open();
  await receiving.open(await sending.chooseFolder(nested));
  await receiving.receive();
  await receiving.expectDone();
  // The picker of a browser hands on files only.
  const files = filesOnly(await readTree(nested));
  expect(await savedTree(receiving, folder)).toEqual(below('nested', files));
});
