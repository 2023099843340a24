import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  CLAIM_LAPSE_MS,
  shareClaimsPath,
  shareContentPath,
  shareReceiptsPath,
  shareStatusPath,
} from '../protocol/uploads.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { TestUpload } from '../testing/test-upload.ts';

let server: TestServer;

beforeEach(async () => {
  server = await startTestServer();
});

afterEach(async () => {
  await server.stop();
});

/** How browsers and programs say that they only look. */
const LOOKS: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['a preview', { 'User-Agent': 'Mozilla/5.0 (compatible; bot/1.0)' }],
  ['a prefetch', { 'Sec-Purpose': 'prefetch' }],
  ['an old prefetch', { Purpose: 'prefetch' }],
  ['a page that is rendered ahead', { 'Sec-Purpose': 'prefetch;prerender' }],
];
const RANGES = ['bytes=0-', 'bytes=0-9', 'bytes=0-99', 'bytes=0-9,20-29'];

describe('[UP10] of a link for one download', () => {
  let upload: TestUpload;

  beforeEach(async () => {
    upload = await new TestUpload(server.url, { downloads: 1, lifetime: 604_800 }).create();
    await upload.patch(0, 100);
  });

  /** Looks at every address of the share, in every way that changes nothing by HTTP's own rules. */
  async function lookAtAll(secret: string, headers: Readonly<Record<string, string>>) {
    const { roomId } = upload.link;
    const paths = [shareStatusPath, shareContentPath, shareClaimsPath, shareReceiptsPath];
    for (const path of ['/', ...paths.map((pathOf) => pathOf(roomId)), upload.path]) {
      for (const method of ['GET', 'HEAD', 'OPTIONS']) {
        for (const range of ['', ...RANGES]) {
          const all = { ...headers, ...(range !== '' && { Range: range }) };
          const authorized = { ...all, Authorization: `Bearer ${secret}` };
          const answer = await fetch(server.url + path, { method, headers: authorized });
          await answer.arrayBuffer();
        }
      }
    }
  }

  test.each(LOOKS)(
    '%s by who has the link burns nothing, and takes nobody’s place',
    async (_, by) => {
      await lookAtAll(upload.link.joinProof, by);
      expect(await upload.status()).toMatchObject({ downloads: 0, claimable: 1 });
      expect((await upload.content(await upload.claim(), '0-99')).status).toBe(206);
    },
  );

  test.each(LOOKS)('%s by who has a claim burns nothing, and the claim lapses', async (_, by) => {
    const claim = await upload.claim(1);
    await lookAtAll(claim, by);
    const whole = await upload.content(claim, '0-99');
    expect((await whole.arrayBuffer()).byteLength).toBe(100);
    expect(await upload.status()).toMatchObject({ downloads: 0, claimable: 0 });
    // The server may hear only after this page that what it sent has arrived: until then the claim is in use.
    await vi.waitFor(async () => {
      server.clock.advance(CLAIM_LAPSE_MS);
      expect(await upload.status()).toMatchObject({ downloads: 0, claimable: 1 });
    });
    const other = await upload.claim(2);
    expect((await upload.content(other, '0-99')).status).toBe(206);
    expect(await upload.receipt(other)).toBe(1);
    expect(await upload.status()).toBe('upload-not-found');
  });
});
