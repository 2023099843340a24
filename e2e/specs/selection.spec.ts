import { expect, test } from '../fixtures/test.ts';
import { channelBytes, countChannelBytes } from '../support/channel-bytes.ts';
import { randomFile } from '../support/random-file.ts';
import { firstDifference } from '../support/same-bytes.ts';
import { MIB } from '../support/sizes.ts';

test('only the files that are chosen are fetched', async ({
  sending,
  receiving,
  context,
  folder,
}) => {
  const small = await randomFile(folder, { name: 'small.bin', size: 5000, seed: 1 });
  const large = await randomFile(folder, { name: 'large.bin', size: 32 * MIB, seed: 2 });
  const last = await randomFile(folder, { name: 'last.bin', size: MIB + 1, seed: 3 });
  await countChannelBytes(context);
  await receiving.open(await sending.share(small.path, large.path, last.path));
  await receiving.expectOffered();
  await receiving.select('large.bin', false);
  await receiving.receive();
  await receiving.expectDone();
  for (const file of [small, last]) {
    const saved = await receiving.save(file.name);
    expect(await firstDifference(file.path, saved.path), file.name).toBeNull();
  }
  await expect(receiving.page.getByRole('button', { name: 'Save large.bin' })).toHaveCount(0);
  expect((await channelBytes(receiving.page)).received).toBeLessThan(2 * MIB);
  await expect(sending.receiverStatuses()).toHaveText([/Received and verified$/]);
});

test('All files takes everything or nothing, and nothing cannot be received', async ({
  sending,
  receiving,
  folder,
}) => {
  const files = [
    await randomFile(folder, { name: 'one.bin', size: 10, seed: 1 }),
    await randomFile(folder, { name: 'two.bin', size: 20, seed: 2 }),
  ];
  const { page } = receiving;
  const checkbox = (name: string) => page.getByRole('checkbox', { name, exact: true });
  const receive = page.getByRole('button', { name: 'Receive', exact: true });
  await receiving.open(await sending.share(...files.map((file) => file.path)));
  await expect(checkbox('All files')).toBeChecked();
  await receiving.select('All files', false);
  await expect(checkbox('one.bin')).not.toBeChecked();
  await expect(receive).toBeDisabled();
  await receiving.select('two.bin', true);
  await expect(checkbox('All files')).toBeChecked({ indeterminate: true });
  await receive.click();
  await receiving.expectDone();
  const saved = await receiving.save('two.bin');
  expect(await firstDifference(files[1]?.path ?? '', saved.path)).toBeNull();
});
