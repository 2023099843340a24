import { expect, test } from '../fixtures/test.ts';
import { bytesBelow } from '../support/files-below.ts';
import { randomFile } from '../support/random-file.ts';
import { ReceivingPage } from '../support/receiving-page.ts';
import { SendingPage } from '../support/sending-page.ts';
import { firstDifference } from '../support/same-bytes.ts';
import { MIB } from '../support/sizes.ts';
import { expectArrived } from '../support/transfer.ts';

// What Chromium itself prints when a claim is refused.
test.use({ expectedProblems: /console: Failed to load resource: .*409/ });

const SIZES: readonly (readonly [string, number])[] = [
  ['0 B', 0],
  ['1 B', 1],
  ['1 MiB - 1 B', MIB - 1],
  ['1 MiB', MIB],
  ['1 MiB + 1 B', MIB + 1],
  ['64 MiB', 64 * MIB],
];
/** The others are variants of these. */
const SHORT: ReadonlySet<number> = new Set([0, MIB + 1]);

for (const [words, size] of SIZES) {
  const tag = SHORT.has(size) ? [] : ['@long'];
  test(
    `a file of ${words} arrives from the server after its sender has left`,
    { tag },
    async ({ sending, receiving, folder }) => {
      const file = await randomFile(folder, { name: 'stored.bin', size });
      const link = await sending.shareByServer(file.path);
      await sending.expectUploaded();
      await sending.page.close();
      await receiving.open(link);
      await receiving.expectOffered();
      await expect(receiving.main).toContainText('The server has the files');
      await receiving.receive();
      await expectArrived(receiving, file);
    },
  );
}

test('several files arrive from the server, and those that were left out do not', async ({
  sending,
  receiving,
  folder,
}) => {
  const names = ['first.bin', 'second.bin', 'third.bin'] as const;
  const files = [];
  for (const [seed, name] of names.entries()) {
    files.push(await randomFile(folder, { name, size: 3 * MIB + seed, seed }));
  }
  const link = await sending.shareByServer(...files.map(({ path }) => path));
  await sending.expectUploaded();
  await sending.page.close();
  await receiving.open(link);
  await receiving.expectOffered();
  await receiving.select('second.bin', false);
  await receiving.receive();
  await receiving.expectDone();
  for (const file of files.filter(({ name }) => name !== 'second.bin')) {
    const saved = await receiving.save(file.name);
    expect(await firstDifference(file.path, saved.path), file.name).toBeNull();
  }
  await expect(receiving.filesOffered).toHaveCount(2);
});

test('a receiver who comes in the middle of the upload has the file when it is over', async ({
  startSite,
  launchBrowser,
  folder,
}) => {
  const site = await startSite();
  const file = await randomFile(folder, { name: 'streamed.bin', size: 40 * MIB });
  const sending = new SendingPage(await (await launchBrowser()).newPage(), site.url);
  const receiving = new ReceivingPage(await (await launchBrowser()).newPage());
  site.hold('up', 20 * MIB);
  const link = await sending.shareByServer(file.path);
  await sending.expectUploading();
  await receiving.open(link);
  await receiving.expectOffered();
  await expect(receiving.main).toContainText('The sender is uploading the files');
  await receiving.receive();
  await expect(receiving.status).toHaveText('Receiving from the server, while the sender uploads');
  await receiving.expectMoreThan(0.2, 60_000);
  expect(await receiving.fraction()).toBeLessThan(1);
  site.release();
  await expectArrived(receiving, file);
});

test(
  'a transfer that began directly ends from the server, and fetches only what it lacks',
  { tag: '@long' },
  async ({ startSite, launchBrowser, folder }) => {
    const site = await startSite();
    const file = await randomFile(folder, { name: 'both-ways.bin', size: 64 * MIB });
    const sending = new SendingPage(await (await launchBrowser()).newPage(), site.url);
    const receiving = new ReceivingPage(await (await launchBrowser()).newPage());
    await receiving.open(await sending.share(file.path));
    await receiving.receive();
    await receiving.expectMoreThan(0.1, 60_000);
    await receiving.pause();
    await sending.sendBy('Fastest');
    await sending.pressUpload('Upload to the server');
    await sending.expectUploaded();
    await sending.page.close();
    const before = site.traffic.totalBytes();
    await receiving.resume();
    await expect(receiving.status).toHaveText('Receiving from the server', { timeout: 60_000 });
    await expectArrived(receiving, file);
    expect(site.traffic.totalBytes() - before).toBeLessThan(0.95 * file.size);
  },
);

test('Delete from server ends the link of a sender who has left it there, and says so', async ({
  startPair,
  folder,
}) => {
  const { site, sending, receiving } = await startPair();
  const file = await randomFile(folder, { name: 'deleted.bin', size: 100_000 });
  const link = await sending.shareByServer(file.path);
  await sending.expectUploaded();
  await sending.pressUpload('Delete from server');
  await expect(sending.upload.getByRole('status')).toHaveText('Deleted from the server.');
  expect(await bytesBelow(site.dataFolder)).toBeLessThan(1000);
  await sending.page.close();
  await receiving.open(link);
  // Until then its sender might come back.
  site.leap();
  await receiving.expectFailure(/^(?:share-not-found|sender-left)$/, 90_000);
});

test('what the server holds expires, also for a sender who has left it there, and nothing of it stays', async ({
  startSite,
  page,
  context,
  folder,
}) => {
  const site = await startSite();
  const sending = new SendingPage(page, site.url);
  const file = await randomFile(folder, { name: 'late.bin', size: 2 * MIB });
  const link = await sending.shareByServer(file.path);
  await sending.expectUploaded();
  expect(await bytesBelow(site.dataFolder)).toBeGreaterThan(file.size);
  site.leap();
  await sending.page.close();
  // Files may go while they are read.
  await expect(async () => {
    expect(await bytesBelow(site.dataFolder)).toBeLessThan(1000);
  }).toPass({ timeout: 20_000 });
  const latecomer = new ReceivingPage(await context.newPage());
  await latecomer.open(link);
  await latecomer.expectFailure('share-not-found', 30_000);
});

test('a server that takes no files is not offered, and they go directly', async ({
  startPair,
  folder,
}) => {
  const { sending, receiving } = await startPair({ UPLOADS: 'off' });
  const file = await randomFile(folder, { name: 'direct.bin', size: 100_000 });
  await sending.open();
  const ways = sending.page.getByRole('radiogroup', { name: 'Send by' });
  await expect(ways).toBeHidden();
  await receiving.open(await sending.choose(file.path));
  await expect(ways).toBeHidden();
  await receiving.receive();
  await expectArrived(receiving, file);
});

test('a server that keeps files for less than pages offer has them offer only what it allows', async ({
  startSite,
  page,
  folder,
}) => {
  const site = await startSite({ MAX_UPLOAD_LIFETIME_HOURS: '12' });
  const sending = new SendingPage(page, site.url);
  await sending.open();
  const lifetimes = page.getByLabel('The server keeps them for');
  await expect(lifetimes.getByRole('option')).toHaveText(['1 hour', '12 hours']);
  await expect(lifetimes).toHaveValue('12');
  await sending.sendBy('Through the server');
  await sending.choose((await randomFile(folder, { name: 'short.bin', size: 1000 })).path);
  await sending.expectUploaded();
  await expect(sending.upload).toContainText('It is kept until');
});

test('a link for one download: those who only look burn nothing, and of two who receive one does', async ({
  startSite,
  launchBrowser,
  folder,
}) => {
  const site = await startSite();
  const file = await randomFile(folder, { name: 'once.bin', size: 2 * MIB });
  const sending = new SendingPage(await (await launchBrowser()).newPage(), site.url);
  await sending.open();
  await sending.page.getByLabel('Downloads').selectOption('one, then deleted');
  await sending.sendBy('Through the server');
  const link = await sending.choose(file.path);
  await sending.expectUploaded();

  const context = await launchBrowser();
  const looking = new ReceivingPage(await context.newPage());
  await looking.open(link);
  await looking.expectOffered();
  await looking.page.close();
  await expect(sending.upload).toContainText('Nobody has downloaded it yet');

  await sending.page.close();
  const first = new ReceivingPage(await context.newPage());
  const second = new ReceivingPage(await (await launchBrowser()).newPage());
  await Promise.all([first.open(link), second.open(link)]);
  await first.expectOffered();
  await second.expectOffered();
  await Promise.all([first.receive(), second.receive()]);
  const states = () =>
    Promise.all([first, second].map(({ main }) => main.getAttribute('data-state')));
  await expect.poll(async () => (await states()).join(), { timeout: 120_000 }).toMatch(/done/);
  // Until then the other one waits for the sender to come back.
  site.leap();
  await expect
    .poll(async () => (await states()).join(), { timeout: 120_000 })
    .toMatch(/^(?:done,failed|failed,done)$/);
  const [winner, loser] = (await states())[0] === 'done' ? [first, second] : [second, first];
  await loser.expectFailure(/^(?:download-limit-reached|upload-not-found|sender-left)$/);
  await expectArrived(winner, file);
});
