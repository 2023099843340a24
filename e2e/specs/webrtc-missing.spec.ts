import { expect, test } from '../fixtures/test.ts';

const PATHS = [
  ['sending', '/'],
  ['receiving', `/#${'A'.repeat(22)}`],
] as const;

for (const [name, path] of PATHS) {
  test(`the ${name} page in a browser without WebRTC says what is missing`, async ({
    page,
    site,
  }) => {
    await page.addInitScript(() => {
      for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection']) {
        Reflect.deleteProperty(globalThis, name);
      }
    });
    await page.goto(`${site.url}${path}`);
    await expect(page.getByRole('alert')).toHaveAttribute('data-code', 'webrtc-missing');
    await expect(page.getByRole('main')).toHaveAttribute('data-state', 'failed');
  });
}
