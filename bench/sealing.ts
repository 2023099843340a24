import os from 'node:os';
import { readFile } from 'node:fs/promises';
import { browserLaunchOptions } from '../scripts/browser-launch-options.ts';
import { rendererPids } from '../e2e/support/renderer-pids.ts';
import { Site } from '../e2e/support/site.ts';
import { withTemporaryFolder } from '../e2e/support/temporary-folder.ts';
import { makeInput } from './files/input.ts';
import { readCpuSeconds, watchUsage } from './measure/usage.ts';
import { withBrowsers } from './support/browser-pair.ts';
import type { PlacedBrowser } from './support/placed-browser.ts';
import { transferThroughServer } from './variants/through-server.ts';

// `npm run bench:sealing`: what AES-256-GCM and SHA-256 cost of a file's way through the server. Chromium seals, opens and
// hashes as many bytes as it uploads and downloads afterwards; all in seconds of processor time, by the kernel's count.
// Linux only. `-- 100` for as many MB, in place of 200.
const LIMIT_MS = 600_000;
const bytes = Number(process.argv[2] ?? 200) * 1_000_000;

type Step = 'seal' | 'open' | 'hash';

/** Runs in a page: does one thing with so many bytes in records, or pieces, of the sizes that the site has. */
async function run({ step, bytes: total }: { step: Step; bytes: number }): Promise<void> {
  const length = step === 'hash' ? 1024 * 1024 : 256 * 1024;
  const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
    'encrypt',
    'decrypt',
  ]);
  const plain = new Uint8Array(length);
  for (let at = 0; at < length; at += 65_536)
    crypto.getRandomValues(plain.subarray(at, at + 65_536));
  const parameters = () => ({ name: 'AES-GCM', iv: crypto.getRandomValues(new Uint8Array(12)) });
  const used = parameters();
  const sealed = await crypto.subtle.encrypt(used, key, plain);
  for (let done = 0; done < total; done += length) {
    if (step === 'hash') await crypto.subtle.digest('SHA-256', plain);
    else if (step === 'seal') await crypto.subtle.encrypt(parameters(), key, plain);
    else await crypto.subtle.decrypt(used, key, sealed);
  }
}

/** @returns the processor time that the browser's renderers take for it, in seconds */
async function cost(browser: PlacedBrowser, step: Step): Promise<number> {
  const page = await browser.openPage();
  const pids = await rendererPids(browser.context);
  const count = async () => {
    const stats = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8')));
    return stats.reduce((sum, stat) => sum + readCpuSeconds(stat), 0);
  };
  const before = await count();
  await page.evaluate(run, { step, bytes });
  return (await count()) - before;
}

await withTemporaryFolder(os.tmpdir(), async (folder) => {
  const site = await Site.start();
  const setting = { folder, options: await browserLaunchOptions(), lab: null, origins: [site.url] };
  try {
    await withBrowsers(setting, async (pair) => {
      // A secure context without scripts of its own.
      await (await pair.sender.openPage()).goto(`${site.url}/healthz`);
      const [seal, open, hash] = [
        await cost(pair.sender, 'seal'),
        await cost(pair.sender, 'open'),
        await cost(pair.sender, 'hash'),
      ];
      const input = await makeInput(folder, 'random', bytes);
      let watches: Awaited<ReturnType<typeof watchUsage>>[] = [];
      let taken = 0;
      await transferThroughServer(
        pair,
        { siteUrl: site.url, input, limitMs: LIMIT_MS, method: 'stored' },
        {
          onReady: async () => {
            const { sender, receiver } = pair;
            watches = [
              await watchUsage(sender.context, false),
              await watchUsage(receiver.context, false),
            ];
          },
          onBegun: () => {},
          onEnded: async () => {
            const usages = await Promise.all(watches.map((end) => end()));
            taken = usages.reduce((sum, { cpuSeconds }) => sum + cpuSeconds.all, 0);
          },
        },
      );
      // Both sides hash each byte once.
      const [aes, sha] = [seal + open, 2 * hash];
      const shares = { aesShare: aes / taken, shaShare: sha / taken };
      const figures = { bytes, seal, open, hash, uploadAndDownload: taken, ...shares };
      const rounded = Object.entries(figures).map(([name, value]) => [
        name,
        Number(value.toFixed(3)),
      ]);
      console.log(JSON.stringify(Object.fromEntries(rounded)));
    });
  } finally {
    await site.stop();
  }
});
