import { expect, test } from '../fixtures/test.ts';
import { randomFile, sparseFile } from '../support/random-file.ts';
import { ReceivingPage } from '../support/receiving-page.ts';
import { firstDifference } from '../support/same-bytes.ts';
import { MIDWAY_BYTES } from '../support/sizes.ts';

// What Chromium itself prints when it cannot reach a server.
test.use({
  expectedProblems: /console: (?:WebSocket connection to|Failed to load resource: net::)/,
});

test('a transfer that runs completes although the server restarts', async ({
  startPair,
  folder,
}) => {
  const { site, sending, receiving } = await startPair();
  const file = await randomFile(folder, { name: 'large.bin', size: MIDWAY_BYTES });
  await receiving.open(await sending.share(file.path));
  await receiving.receive();
  await receiving.expectMidway();
  await site.restart();
  await receiving.expectMidway();
  await receiving.expectDone(120_000);
  const saved = await receiving.save(file.name);
  expect(await firstDifference(file.path, saved.path)).toBeNull();
});

test('Receive works although the server has gone since the files were offered', async ({
  startPair,
  folder,
}) => {
  const { site, sending, receiving } = await startPair();
  const file = await randomFile(folder, { name: 'offered.bin', size: 100_000 });
  await receiving.open(await sending.share(file.path));
  await receiving.expectOffered();
  await site.kill();
  await receiving.receive();
  await receiving.expectDone();
  const saved = await receiving.save(file.name);
  expect(await firstDifference(file.path, saved.path)).toBeNull();
});

test('a share outlives a restart of the server: the same link works again', async ({
  startPair,
  folder,
}) => {
  const { site, sending, receiving } = await startPair();
  const file = await randomFile(folder, { name: 'patient.bin', size: 1000 });
  const link = await sending.share(file.path);
  await site.kill();
  await expect(sending.main).toContainText('The server cannot be reached');
  await site.restart();
  await expect(sending.main).not.toContainText('The server cannot be reached', { timeout: 60_000 });
  await receiving.open(link);
  await receiving.receive();
  await receiving.expectDone();
});

test('a share that has expired says so on both pages, and its link leads nowhere', async ({
  startPair,
  context,
  folder,
}) => {
  const { site, sending, receiving } = await startPair();
  const file = await sparseFile(folder, { name: 'late.bin', size: 1000 });
  const link = await sending.share(file.path);
  await receiving.open(link);
  await receiving.expectOffered();
  site.leap();
  await receiving.expectFailure('share-expired', 30_000);
  await expect(sending.alert).toHaveAttribute('data-code', 'share-expired');
  const latecomer = new ReceivingPage(await context.newPage());
  await latecomer.open(link);
  await latecomer.expectFailure('share-not-found');
});
