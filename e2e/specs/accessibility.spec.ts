import { expect, test } from '../fixtures/test.ts';
import { expectAccessible } from '../support/accessibility.ts';
import { randomFile, sparseFile } from '../support/random-file.ts';
import { MIDWAY_BYTES } from '../support/sizes.ts';

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
  const file = await sparseFile(folder, { name: 'large.bin', size: MIDWAY_BYTES });
  await receiving.open(await sending.share(file.path));
  await receiving.receive();
  await receiving.expectMidway();
  await expectAccessible(receiving.page, 'receiving');
  await expectAccessible(sending.page, 'sharing, with a receiver that receives');
  await receiving.cancel();
  await expect(receiving.main).toHaveAttribute('data-state', 'cancelled');
  await expectAccessible(receiving.page, 'cancelled');
});

test('the page of an error is accessible', async ({ receiving, site }) => {
  await receiving.open(`${site.url}/#${'A'.repeat(22)}`);
  await receiving.expectFailure('share-not-found');
  await expectAccessible(receiving.page, 'failed, without a share');
  await receiving.open(`${site.url}/#nonsense`);
  await receiving.expectFailure('link-malformed');
  await expectAccessible(receiving.page, 'failed, with a malformed link');
});
