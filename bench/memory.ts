import os from 'node:os';
import { type BrowserContext, expect } from 'playwright/test';
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
// process to another on this machine, into the origin private file system. Linux only. `-- 512` for another size in MiB,
// `-- 512 server` for the way through the server: uploaded, and then downloaded.
const MIB = 1024 * 1024;
const LONGEST_MS = 3_600_000;
const [mebibytes = '4096', way = 'directly'] = process.argv.slice(2);
const size = Number(mebibytes) * MIB;

interface Parties {
  readonly sending: SendingPage;
  readonly receiving: ReceivingPage;
  readonly browsers: { readonly sender: BrowserContext; readonly receiver: BrowserContext };
  /** the file's path */
  readonly file: string;
}

const inMiB = (bytes: number) => Number((bytes / MIB).toFixed(1));
const figures = (watch: MemoryWatch) => ({
  startMiB: inMiB(watch.startBytes),
  aboveStartMiB: inMiB(watch.stop()),
});
const watchRenderers = async (browser: BrowserContext) =>
  await MemoryWatch.start(await rendererPids(browser));
const secondsSince = (begun: number) => Number(((performance.now() - begun) / 1_000).toFixed(1));

async function measureDirectly({ sending, receiving, browsers, file }: Parties) {
  await receiving.open(await sending.share(file));
  await receiving.expectOffered();
  const sender = await watchRenderers(browsers.sender);
  const receiver = await watchRenderers(browsers.receiver);
  const begun = performance.now();
  await receiving.receive();
  await receiving.expectDone(LONGEST_MS);
  return { seconds: secondsSince(begun), sender: figures(sender), receiver: figures(receiver) };
}

async function measureThroughServer({ sending, receiving, browsers, file }: Parties) {
  await sending.open();
  await sending.sendBy('Through the server');
  const sender = await watchRenderers(browsers.sender);
  const begun = performance.now();
  const link = await sending.choose(file);
  await sending.expectUploaded(LONGEST_MS);
  const uploaded = { seconds: secondsSince(begun), sender: figures(sender) };
  await receiving.open(link);
  await receiving.expectOffered();
  await expect(receiving.main).toContainText('You get them from there', { timeout: LONGEST_MS });
  const receiver = await watchRenderers(browsers.receiver);
  const pressed = performance.now();
  await receiving.receive();
  await receiving.expectDone(LONGEST_MS);
  return { uploaded, downloaded: { seconds: secondsSince(pressed), receiver: figures(receiver) } };
}

await withTemporaryFolder(os.tmpdir(), async (folder) => {
  const site = await Site.start();
  const options = await browserLaunchOptions();
  const browsers = {
    sender: await launchProfile(folder, options),
    receiver: await launchProfile(folder, options),
  };
  try {
    const file = await sparseFile(folder, { name: 'large.zip', size });
    const [sendingTab, receivingTab] = [browsers.sender.pages()[0], browsers.receiver.pages()[0]];
    if (sendingTab === undefined || receivingTab === undefined) throw new Error('no page');
    const parties = {
      sending: new SendingPage(sendingTab, site.url),
      receiving: new ReceivingPage(receivingTab),
      browsers,
      file: file.path,
    };
    const measure = way === 'server' ? measureThroughServer : measureDirectly;
    console.log(JSON.stringify({ sizeMiB: inMiB(size), way, ...(await measure(parties)) }));
  } finally {
    await Promise.all([browsers.sender.close(), browsers.receiver.close()]);
    await site.stop();
  }
});
