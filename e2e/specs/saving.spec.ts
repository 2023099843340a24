import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '../fixtures/test.ts';
import { dropFiles } from '../support/drop-files.ts';
import { below, oddTree, readTree } from '../support/file-tree.ts';
import { answerFolderPicker, readPickedFolder } from '../support/picked-folder.ts';
import { randomFile } from '../support/random-file.ts';
import { MIB } from '../support/sizes.ts';
import { unzip } from '../support/unzip.ts';

/** Names that Linux takes and that would do harm, or not exist, elsewhere. */
const UNSAFE_NAMES = [
  'CON.txt',
  'a:b?.txt',
  'back\\slash.txt',
  'ends with a dot.',
  'Same.TXT',
  'same.txt',
  'gpj.\u202Eexe',
  'line\nbreak.txt',
];

/** What no name may hold on Windows, and control and bidi characters, which nobody sees. */
const UNSAFE_CHARACTERS = /[<>:"|?*\\\p{Cc}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/u;
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

test('everything is saved as one ZIP archive under names that are safe everywhere', async ({
  sending,
  receiving,
  folder,
}) => {
  const names = path.join(folder, 'names');
  await mkdir(names);
  for (const [index, name] of UNSAFE_NAMES.entries()) {
    await writeFile(path.join(names, name), `content ${index}`);
  }
  await sending.open();
  await expect(sending.main).toHaveAttribute('data-state', 'idle');
  await dropFiles(sending.page, [names], { x: 5, y: 5 });
  await receiving.open(await sending.link());
  await receiving.receive();
  await receiving.expectDone();
  const archive = await receiving.saveAll();
  expect(archive.name).toMatch(/\.zip$/);

  const unpacked = path.join(folder, 'unpacked');
  await mkdir(unpacked);
  await unzip(archive.path, unpacked);
  const saved = await readTree(unpacked);
  const contents = Object.values(await readTree(names));
  expect(Object.values(saved).toSorted()).toEqual(contents.toSorted());
  const paths = Object.keys(saved);
  expect(new Set(paths.map((name) => name.toLowerCase())).size).toBe(UNSAFE_NAMES.length);
  for (const name of paths.map((file) => path.posix.basename(file))) {
    expect(name).not.toMatch(UNSAFE_CHARACTERS);
    expect(name).not.toMatch(RESERVED);
    expect(name).not.toMatch(/[. ]$/);
  }
});

test('files are written to the folder that the user picks, with their paths', async ({
  sending,
  receiving,
  folder,
}) => {
  const nested = path.join(folder, 'nested');
  await mkdir(nested);
  await oddTree(nested);
  await randomFile(nested, { name: 'of several pieces.bin', size: 5 * MIB + 3 });
  await sending.open();
  await expect(sending.main).toHaveAttribute('data-state', 'idle');
  await dropFiles(sending.page, [nested], { x: 5, y: 5 });
  await answerFolderPicker(receiving.page);
  await receiving.open(await sending.link());
  await receiving.page.getByRole('button', { name: 'Save to folder…' }).click();
  await receiving.expectDone();
  await expect(receiving.page.getByRole('button', { name: /^Save / })).toHaveCount(0);
  await expect(receiving.main).toContainText('picked');
  const saved = await readPickedFolder(receiving.page);
  expect(saved).toEqual(below('nested', await readTree(nested)));
});
