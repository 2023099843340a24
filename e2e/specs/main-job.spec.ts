import { expect, test } from '../fixtures/test.ts';
import { dropFiles } from '../support/drop-files.ts';
import { receivedFiles } from '../support/origin-storage.ts';
import { randomFile } from '../support/random-file.ts';
import { ReceivingPage } from '../support/receiving-page.ts';
import { firstDifference } from '../support/same-bytes.ts';
import { SendingPage } from '../support/sending-page.ts';
import { MIB } from '../support/sizes.ts';

const SIZES = [
  ['0 B', 0, []],
  ['1 B', 1, ['@long']],
  ['1 MiB - 1 B', MIB - 1, ['@long']],
  ['1 MiB', MIB, []],
  ['1 MiB + 1 B', MIB + 1, []],
  ['64 MiB', 64 * MIB, ['@long']],
] as const;

for (const [words, size, tag] of SIZES) {
  const title = `a file of ${words} arrives as it was sent`;
  test(title, { tag: [...tag] }, async ({ sending, receiving, folder }) => {
    const file = await randomFile(folder, { name: 'random.bin', size, seed: size + 1 });
    await receiving.open(await sending.share(file.path));
    await receiving.receive();
    await receiving.expectDone();
    const saved = await receiving.save(file.name);
    expect(saved.name).toBe(file.name);
    expect(await firstDifference(file.path, saved.path)).toBeNull();
    await expect(sending.receiverStatuses()).toHaveText([/Received and verified$/]);
  });
}

test('several files in one share arrive each as it was sent', async ({
  sending,
  receiving,
  folder,
}) => {
  const files = [
    await randomFile(folder, { name: 'first.bin', size: 3 * MIB + 7, seed: 1 }),
    await randomFile(folder, { name: 'empty.txt', size: 0 }),
    await randomFile(folder, { name: 'last.bin', size: 12_345, seed: 2 }),
  ];
  const names = files.map(({ name }) => new RegExp(name));
  const link = await sending.share(...files.map((file) => file.path));
  await expect(sending.filesToSend).toHaveText(names);
  await receiving.open(link);
  await receiving.expectOffered();
  await expect(receiving.filesOffered).toHaveText(names);
  await receiving.receive();
  await receiving.expectDone();
  for (const file of files) {
    const saved = await receiving.save(file.name);
    expect(saved.name).toBe(file.name);
    expect(await firstDifference(file.path, saved.path), file.name).toBeNull();
  }
});

const KEPT_NAMES = ["Résumé & 'draft' 🗂️ ملف שלום (final).tar.gz", 'Makefile', 'two  spaces.txt'];

for (const name of KEPT_NAMES) {
  test(`the name ${name} is kept`, async ({ sending, receiving, folder }) => {
    const file = await randomFile(folder, { name, size: 1000 });
    await receiving.open(await sending.share(file.path));
    await receiving.receive();
    await receiving.expectDone();
    const saved = await receiving.save(name);
    expect(saved.name).toBe(name);
    expect(await firstDifference(file.path, saved.path)).toBeNull();
  });
}

test('a double quote in a name, which Chromium takes out of every download, becomes _', async ({
  sending,
  receiving,
  folder,
}) => {
  const file = await randomFile(folder, { name: 'say "hi".txt', size: 10 });
  await receiving.open(await sending.share(file.path));
  await receiving.receive();
  await receiving.expectDone();
  const saved = await receiving.save(file.name);
  expect(saved.name).toBe('say _hi_.txt');
  expect(await firstDifference(file.path, saved.path)).toBeNull();
});

test(
  'two separate browsers share a file',
  { tag: '@long' },
  async ({ launchBrowser, site, folder }) => {
    const [mine, yours] = [await launchBrowser(), await launchBrowser()];
    const file = await randomFile(folder, { name: 'across.bin', size: 5 * MIB + 1 });
    const sending = new SendingPage(await mine.newPage(), site.url);
    const receiving = new ReceivingPage(await yours.newPage());
    await receiving.open(await sending.share(file.path));
    await receiving.receive();
    await receiving.expectDone();
    const saved = await receiving.save(file.name);
    expect(await firstDifference(file.path, saved.path)).toBeNull();
  },
);

test('two receivers at once both get the file, and the sender sees both done', async ({
  sending,
  launchBrowser,
  folder,
}) => {
  const file = await randomFile(folder, { name: 'shared.bin', size: 16 * MIB + 3 });
  const link = await sending.share(file.path);
  const receivers = await Promise.all(
    [1, 2].map(async () => new ReceivingPage(await (await launchBrowser()).newPage())),
  );
  await Promise.all(receivers.map((receiver) => receiver.open(link)));
  await Promise.all(receivers.map((receiver) => receiver.expectOffered()));
  await expect(sending.receivers).toHaveCount(2);
  await Promise.all(receivers.map((receiver) => receiver.receive()));
  await Promise.all(receivers.map((receiver) => receiver.expectDone()));
  const done = /Received and verified$/;
  await expect(sending.receiverStatuses()).toHaveText([done, done]);
  for (const receiver of receivers) {
    const saved = await receiver.save(file.name);
    expect(await firstDifference(file.path, saved.path)).toBeNull();
  }
});

test('dropped files are shared', async ({ sending, folder }) => {
  const file = await randomFile(folder, { name: 'dropped.bin', size: 1000 });
  await sending.open();
  await expect(sending.main).toHaveAttribute('data-state', 'idle');
  await dropFiles(sending.page, [file.path], { x: 5, y: 5 });
  await sending.link();
  await expect(sending.filesToSend).toHaveText([/dropped\.bin/]);
});

test('pasted files are shared', async ({ sending }) => {
  await sending.open();
  await expect(sending.main).toHaveAttribute('data-state', 'idle');
  await sending.page.evaluate(() => {
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File(['pasted'], 'pasted.txt'));
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
  });
  await sending.link();
  await expect(sending.filesToSend).toHaveText([/pasted\.txt/]);
});

test('a browser without a private file system receives into memory', async ({
  sending,
  receiving,
  folder,
}) => {
  const file = await randomFile(folder, { name: 'kept in memory.bin', size: 3_000_000 });
  // Private windows of some browsers refuse it like this; a worker can only be changed where its script is loaded.
  const refuse =
    "navigator.storage.getDirectory = () => Promise.reject(new DOMException('', 'SecurityError'));";
  await receiving.page.route('**/workers/store.worker-*.js', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: refuse + (await response.text()) });
  });
  await receiving.page.addInitScript(refuse);
  await receiving.open(await sending.share(file.path));
  await receiving.receive();
  await receiving.expectDone();
  expect(await receivedFiles(sending.page)).toEqual([]);
  const saved = await receiving.save(file.name);
  expect(await firstDifference(file.path, saved.path)).toBeNull();
});

test('the link can be copied, and opened in a new tab', async ({ sending, context, folder }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const file = await randomFile(folder, { name: 'a.bin', size: 1000 });
  const link = await sending.share(file.path);
  await sending.page.getByRole('button', { name: 'Copy link' }).click();
  await expect.poll(() => sending.page.evaluate(() => navigator.clipboard.readText())).toBe(link);
  const opening = context.waitForEvent('page');
  await sending.page.getByRole('link', { name: 'Open in a new tab' }).click();
  const receiving = new ReceivingPage(await opening);
  await receiving.receive();
  await receiving.expectDone();
});
