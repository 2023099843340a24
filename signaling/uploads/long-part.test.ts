import * as v from 'valibot';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { TestUpload } from '../testing/test-upload.ts';

/** Longer than the body of any other request may take, and shorter than a part may bring too little. */
const LONG_MS = 45_000;

let server: TestServer;

beforeEach(async () => {
  server = await startTestServer();
});

afterEach(async () => {
  vi.useRealTimers();
  await server.stop();
});

test('[UP15] a part may take longer than other requests', async () => {
  const upload = await new TestUpload(server.url).create();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  let go = () => {};
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      controller.enqueue(upload.bytes(0, 50));
      await new Promise<void>((resolve) => (go = resolve));
      controller.enqueue(upload.bytes(50, 100));
      controller.close();
    },
  });
  const answer = upload.stream(0, body);
  // Packets take real time, in which the clock is to stand still.
  const isStored = async () =>
    v.is(v.looseObject({ offset: v.literal(50) }), await upload.status());
  while (!(await isStored()));
  await vi.advanceTimersByTimeAsync(LONG_MS);
  go();
  expect((await answer).status).toBe(204);
});
