import { expect, test } from '../fixtures/test.ts';
import { randomFile, sampleOf } from '../support/random-file.ts';
import { MIB } from '../support/sizes.ts';

test('the server carries no byte of a file', async ({ startPair, folder }) => {
  const { site, sending, receiving } = await startPair();
  const size = 64 * MIB;
  const file = await randomFile(folder, { name: 'private.bin', size });
  await receiving.open(await sending.share(file.path));
  await receiving.receive();
  await receiving.expectDone();

  // The page itself is the control: what went past the proxy would not be seen at all.
  expect(site.traffic.carried(Buffer.from('<noscript'))).toBe(true);
  expect(site.traffic.totalBytes()).toBeLessThan(2 * MIB);
  for (const offset of [0, MIB, size / 2, size - 32]) {
    const sample = await sampleOf(file.path, offset, 32);
    expect(site.traffic.carried(sample), `the bytes at ${offset}`).toBe(false);
  }
});
