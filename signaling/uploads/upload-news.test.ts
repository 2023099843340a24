import { expect, test } from 'vitest';
import { TestPage } from '../testing/test-page.ts';
import { testLink } from '../testing/test-link.ts';
import { startTestServer } from '../testing/test-server.ts';
import { failureOf, TestUpload } from '../testing/test-upload.ts';

test('[UP18] everyone in the room hears what its share has on the server', async () => {
  const { url, stop } = await startTestServer();
  const sender = await new TestPage(url).connected();
  expect(await sender.create(testLink(1))).toMatchObject({ uploads: true, upload: null });
  const upload = await new TestUpload(url, { downloads: 2 }).create();
  expect(await sender.next('upload:changed')).toMatchObject({ upload: { offset: 0 } });
  const receiver = await new TestPage(url).connected();
  expect(await receiver.join(testLink(1))).toMatchObject({ upload: { complete: false } });
  await upload.patch(0, 50);
  await upload.patch(50, 100);
  await upload.receipt(await upload.claim());
  await upload.delete();
  for (const page of [sender, receiver]) {
    expect(await page.next('upload:changed')).toMatchObject({ upload: { complete: true } });
    expect(await page.next('upload:changed')).toMatchObject({ upload: { downloads: 1 } });
    expect(await page.next('upload:changed')).toEqual({ upload: null });
  }
  expect(await sender.left()).toEqual(['peer:joined']);
  receiver.close();
  sender.close();
  await stop();
});

test('[UP3][UP18] what belongs to another link with the same room is neither taken nor told', async () => {
  const { url, stop } = await startTestServer();
  const sender = await new TestPage(url).connected();
  const link = { ...testLink(1), joinVerifier: testLink(2).joinVerifier };
  await sender.create(link);
  expect(await failureOf(await new TestUpload(url).post())).toBe('409 share-taken');
  await sender.left();
  await new TestUpload(url).create();
  expect(await sender.create(link)).toMatchObject({ upload: null });
  expect(await sender.left()).toEqual([]);
  sender.close();
  await stop();
});

test('with uploads off, the pages hear so', async () => {
  const { url, stop } = await startTestServer({ UPLOADS: 'off' });
  const sender = await new TestPage(url).connected();
  expect(await sender.create(testLink(1))).toMatchObject({ uploads: false, upload: null });
  sender.close();
  await stop();
});
