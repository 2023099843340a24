import os from 'node:os';
import { browserLaunchOptions } from '../scripts/browser-launch-options.ts';
import { launchProfile } from '../e2e/support/launch-profile.ts';
import { randomFile } from '../e2e/support/random-file.ts';
import { ReceivingPage } from '../e2e/support/receiving-page.ts';
import { SendingPage } from '../e2e/support/sending-page.ts';
import { Site } from '../e2e/support/site.ts';
import { withTemporaryFolder } from '../e2e/support/temporary-folder.ts';

// `npm run bench:endings`: what becomes of a transfer in whose middle the server is killed, the sender's page is closed, or the
// sender ends it, by each way; two browser processes on this machine, each case once. `-- 32` for another size in MiB.
const MIB = 1024 * 1024;
const size = Number(process.argv[2] ?? '64') * MIB;

/** How long is waited for an end before what was taken away comes back, and after that, in milliseconds. */
const AWAY_MS = 30_000;
const BACK_MS = 180_000;

const WAYS = ['direct', 'stored', 'streamed'] as const;
type Way = (typeof WAYS)[number];

/** A transfer in its middle. */
interface Midway {
  readonly site: Site;
  readonly sending: SendingPage;
  readonly receiving: ReceivingPage;
}

/** What is done to it; with what undoes that, where something does. */
interface Happening {
  readonly title: string;
  readonly ways: readonly Way[];
  act(midway: Midway): Promise<void>;
  undo?(midway: Midway): Promise<void>;
}

const HAPPENINGS: readonly Happening[] = [
  {
    title: 'The server is killed; back after 30 s',
    ways: WAYS,
    act: ({ site }) => site.kill(),
    undo: ({ site }) => site.start(),
  },
  {
    title: 'The sender’s page is closed',
    ways: WAYS,
    act: ({ sending }) => sending.page.close(),
  },
  {
    title: 'Stop sharing',
    ways: WAYS,
    act: ({ sending }) => sending.stopSharing(),
  },
  {
    title: 'Delete from server',
    ways: ['stored'],
    act: ({ sending }) => sending.pressUpload('Delete from server'),
  },
];

/** Where the receiving page stands once it rests, or when the time is over. */
async function waitForEnd({ page }: ReceivingPage, limitMs: number): Promise<string> {
  const ended = page.locator('main[data-state="done"], main[data-state="failed"]');
  await ended.waitFor({ timeout: limitMs }).catch(() => {});
  const state = (await page.locator('main').getAttribute('data-state')) ?? '';
  const code = await page
    .getByRole('alert')
    .first()
    .getAttribute('data-code', { timeout: 500 })
    .catch(() => null);
  return code === null ? state : `${state}: ${code}`;
}

async function bringMidway(way: Way, midway: Midway, file: string): Promise<void> {
  const { sending, receiving } = midway;
  const link = way === 'direct' ? await sending.share(file) : await sending.shareByServer(file);
  if (way === 'stored') await sending.expectUploaded();
  await receiving.open(link);
  await receiving.receive();
  await receiving.expectMoreThan(0.1, 60_000);
  await receiving.expectMidway();
}

const secondsSince = (begun: number) => `${((performance.now() - begun) / 1_000).toFixed(1)} s`;

async function measure(happening: Happening, midway: Midway): Promise<string> {
  const begun = performance.now();
  await happening.act(midway);
  const away = await waitForEnd(midway.receiving, AWAY_MS);
  const first = `${away} after ${secondsSince(begun)}`;
  if (away === 'done' || happening.undo === undefined) return first;
  const back = performance.now();
  await happening.undo(midway);
  return `${first}; then ${await waitForEnd(midway.receiving, BACK_MS)} ${secondsSince(back)} after it was back`;
}

async function runCase(way: Way, happening: Happening): Promise<string> {
  return await withTemporaryFolder(os.tmpdir(), async (folder) => {
    const site = await Site.start();
    const options = await browserLaunchOptions();
    const browsers = [
      await launchProfile(folder, options),
      await launchProfile(folder, options),
    ] as const;
    try {
      const midway = {
        site,
        sending: new SendingPage(await browsers[0].newPage(), site.url),
        receiving: new ReceivingPage(await browsers[1].newPage()),
      };
      const file = await randomFile(folder, { name: 'ends.bin', size });
      await bringMidway(way, midway, file.path);
      return await measure(happening, midway);
    } finally {
      await Promise.all(browsers.map((browser) => browser.close()));
      await site.stop();
    }
  });
}

console.log(`| ${size / MIB} MiB, in the middle | direct | stored | streamed |\n|---|---|---|---|`);
for (const happening of HAPPENINGS) {
  const cells: string[] = [];
  for (const way of WAYS) {
    cells.push(happening.ways.includes(way) ? await runCase(way, happening) : '–');
  }
  console.log(`| ${happening.title} | ${cells.join(' | ')} |`);
}
