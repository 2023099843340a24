import { expect, test } from '../fixtures/test.ts';
import { randomFile } from '../support/random-file.ts';

test('a well-formed link without a share', async ({ receiving, site }) => {
  await receiving.open(`${site.url}/#${'A'.repeat(22)}`);
  await receiving.expectFailure('share-not-found');
});

for (const fragment of ['tooshort', '%E0%A4%A', `${'A'.repeat(22)}=`, 'A'.repeat(5000)]) {
  test(`a link that is not one: ${fragment.slice(0, 30)}`, async ({ receiving, site }) => {
    await receiving.open(`${site.url}/#${fragment}`);
    await receiving.expectFailure('link-malformed');
  });
}

test('a share whose sender stopped sharing', async ({ sending, receiving, folder }) => {
  const file = await randomFile(folder, { name: 'gone.bin', size: 10 });
  const link = await sending.share(file.path);
  await sending.stopSharing();
  await expect(sending.main).toHaveAttribute('data-state', 'cancelled');
  await receiving.open(link);
  await receiving.expectFailure('share-not-found');
});
