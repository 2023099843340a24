import path from 'node:path';
import { expect, test } from '../fixtures/test.ts';
import { expectAccessible } from '../support/accessibility.ts';
import { manyFiles } from '../support/file-tree.ts';
import { HomePage } from '../support/home-page.ts';
import { randomFile, sparseFile } from '../support/random-file.ts';
import { MIB, MIDWAY_BYTES } from '../support/sizes.ts';

test('both pages are accessible from choosing to done', async ({ sending, receiving, folder }) => {
  const file = await randomFile(folder, { name: 'a.bin', size: 1000 });
  await sending.open();
  await expect(sending.main).toHaveAttribute('data-state', 'idle');
  await expectAccessible(sending.page, 'idle');
  const link = await sending.choose(file.path);
  await expectAccessible(sending.page, 'sharing, before there are receivers');
  await receiving.open(link);
  await receiving.expectOffered();
  await expectAccessible(receiving.page, 'offered');
  await receiving.receive();
  await receiving.expectDone();
  await expectAccessible(receiving.page, 'done');
  await expect(sending.receivers).toHaveCount(1);
  await expectAccessible(sending.page, 'sharing, with a receiver that is done');
  await sending.stopSharing();
  await expect(sending.main).toHaveAttribute('data-state', 'cancelled');
  await expectAccessible(sending.page, 'cancelled');
});

test('both pages are accessible during a transfer and after it is cancelled', async ({
  sending,
  receiving,
  folder,
}) => {
  const file = await sparseFile(folder, { name: 'large.zip', size: MIDWAY_BYTES });
  await receiving.open(await sending.share(file.path));
  await receiving.receive();
  await receiving.expectMidway();
  await expectAccessible(receiving.page, 'receiving');
  await expectAccessible(sending.page, 'sharing, with a receiver that receives');
  await receiving.pause();
  await expect(receiving.main).toHaveAttribute('data-state', 'paused');
  await expect(sending.receiverStatuses()).toHaveText([/Paused/]);
  await expectAccessible(receiving.page, 'paused');
  await expectAccessible(sending.page, 'sharing, with a receiver that paused');
  await receiving.cancel();
  await expect(receiving.page.getByRole('dialog')).toBeVisible();
  await expectAccessible(receiving.page, 'asked what becomes of what has arrived');
  await receiving.page.keyboard.press('Escape');
  await receiving.cancel('Delete it');
  await expect(receiving.main).toHaveAttribute('data-state', 'cancelled');
  await expectAccessible(receiving.page, 'cancelled');
});

test(
  'both pages are accessible when a share with folders was interrupted, and the home page after it',
  { tag: '@long' },
  async ({ sending, receiving, site, folder }) => {
    // Two browsers, three states of each, and axe in every one.
    const nested = path.join(folder, 'nested');
    await manyFiles(nested, { count: 250, size: 10 });
    await sparseFile(nested, { name: 'large.zip', size: MIDWAY_BYTES });
    await sending.open();
    await receiving.open(await sending.chooseFolder(nested));
    await receiving.expectOffered();
    await expectAccessible(receiving.page, 'offered, with folders to choose from');
    await receiving.receive();
    await receiving.expectMidway();
    await sending.page.reload();
    await sending.expectInterrupted();
    await expectAccessible(sending.page, 'interrupted');
    await sending.page.getByLabel('Choose files').setInputFiles(path.join(nested, 'large.zip'));
    await expect(sending.filesNotRecognised.first()).toBeVisible();
    await expectAccessible(sending.page, 'interrupted, with files that were not recognised');
    await receiving.cancel('Keep it');
    await expectAccessible(receiving.page, 'cancelled, with what is kept');
    const home = new HomePage(receiving.page, site.url);
    await home.open();
    await expect(home.downloads).toHaveCount(1);
    await expectAccessible(home.page, 'home, with a download to finish');
  },
);

test('the page of an error is accessible', async ({ receiving, site }) => {
  await receiving.open(`${site.url}/#${'A'.repeat(22)}`);
  await receiving.expectFailure('share-not-found');
  await expectAccessible(receiving.page, 'failed, without a share');
  await receiving.open(`${site.url}/#nonsense`);
  await receiving.expectFailure('link-malformed');
  await expectAccessible(receiving.page, 'failed, with a malformed link');
});

test('both pages are accessible while files go through the server', async ({
  startPair,
  folder,
}) => {
  const { site, sending, receiving } = await startPair();
  const file = await randomFile(folder, { name: 'stored.bin', size: 4 * MIB });
  site.hold('up', 1 * MIB);
  const link = await sending.shareByServer(file.path);
  await expect(sending.upload.getByRole('progressbar', { name: 'Upload' })).toBeVisible();
  await expectAccessible(sending.page, 'uploading');
  site.release();
  await sending.expectUploaded();
  await expectAccessible(sending.page, 'uploaded');
  await receiving.open(link);
  await receiving.expectOffered();
  await expect(receiving.main).toContainText('The server has the files');
  await expectAccessible(receiving.page, 'offered from the server');
  await sending.pressUpload('Delete from server');
  await expect(sending.upload.getByRole('status')).toHaveText('Deleted from the server.');
  await expectAccessible(sending.page, 'deleted from the server');
});
