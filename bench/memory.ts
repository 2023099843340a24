import os from 'node:os';
import { browserLaunchOptions } from '../scripts/browser-launch-options.ts';
import { launchProfile } from '../e2e/support/launch-profile.ts';
import { sparseFile } from '../e2e/support/random-file.ts';
import { ReceivingPage } from '../e2e/support/receiving-page.ts';
import { rendererPids } from '../e2e/support/renderer-pids.ts';
import { SendingPage } from '../e2e/support/sending-page.ts';
import { Site } from '../e2e/support/site.ts';
import { withTemporaryFolder } from '../e2e/support/temporary-folder.ts';
import { MemoryWatch } from './process-memory.ts';

// `npm run bench:memory`: how much memory both pages take above their start while one large file goes from one browser
// process to another on this machine, into the origin private file system. Linux only. `-- 512` for another size in MiB.
const MIB = 1024 * 1024;
const LONGEST_MS = 3_600_000;
const size = Number(process.argv[2] ?? 4_096) * MIB;

await withTemporaryFolder(os.tmpdir(), async (folder) => {
  const site = await Site.start();
  const options = await browserLaunchOptions();
  const browsers = [await launchProfile(folder, options), await launchProfile(folder, options)];
  const [senderBrowser, receiverBrowser] = browsers;
  try {
    if (senderBrowser === undefined || receiverBrowser === undefined) throw new Error('no browser');
    const file = await sparseFile(folder, { name: 'large.zip', size });
    const [sendingTab, receivingTab] = [senderBrowser.pages()[0], receiverBrowser.pages()[0]];
    if (sendingTab === undefined || receivingTab === undefined) throw new Error('no page');
    const sending = new SendingPage(sendingTab, site.url);
    const receiving = new ReceivingPage(receivingTab);
    await receiving.open(await sending.share(file.path));
    await receiving.expectOffered();
    const sender = await MemoryWatch.start(await rendererPids(senderBrowser));
    const receiver = await MemoryWatch.start(await rendererPids(receiverBrowser));
    const begun = performance.now();
    await receiving.receive();
    await receiving.expectDone(LONGEST_MS);
    const seconds = (performance.now() - begun) / 1_000;
    const mib = (bytes: number) => Number((bytes / MIB).toFixed(1));
    console.log(
      JSON.stringify({
        sizeMiB: mib(size),
        seconds: Number(seconds.toFixed(1)),
        sender: { startMiB: mib(sender.startBytes), aboveStartMiB: mib(sender.stop()) },
        receiver: { startMiB: mib(receiver.startBytes), aboveStartMiB: mib(receiver.stop()) },
      }),
    );
  } finally {
    await Promise.all(browsers.map((browser) => browser.close()));
    await site.stop();
  }
});
