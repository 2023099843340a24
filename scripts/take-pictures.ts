import { spawn } from 'node:child_process';
import { once } from 'node:events';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import { type Page, chromium } from 'playwright';
import { randomFile } from '../e2e/support/random-file.ts';
import { withTemporaryFolder } from '../e2e/support/temporary-folder.ts';
import { browserLaunchOptions } from './browser-launch-options.ts';

// Takes the pictures in docs/ anew: `npm run pictures`. All pages are real: two in the middle of a transfer, and one after a comparison.
const WIDTH = 640;
const HEIGHT = 880;
/** Details stand below what the first picture shows. */
const DETAILS_HEIGHT = 1_160;
const TRANSFER_TIMEOUT_MS = 180_000;
const COMPARISON_TIMEOUT_MS = 600_000;
const picture = (name: string) => fileURLToPath(new URL(`../docs/${name}`, import.meta.url));
const main = fileURLToPath(new URL('../dist-server/main.js', import.meta.url));

const server = spawn(process.execPath, ['--enable-source-maps', main], {
  env: { ...process.env, PORT: '0' },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const browser = await chromium.launch(await browserLaunchOptions());
try {
  const [line] = await once(server.stdout, 'data');
  const address = /https?:\/\/\S+/.exec(String(line))?.[0] ?? '';
  await withTemporaryFolder(os.tmpdir(), (folder) => takePictures(address, folder));
  await takeComparison(address);
} finally {
  await browser.close();
  server.kill();
}

/** @param folder where the files are that are sent */
async function takePictures(address: string, folder: string): Promise<void> {
  const context = await browser.newContext({ viewport: { width: WIDTH, height: HEIGHT } });
  const sending = await context.newPage();
  await sending.goto(address);
  const files = [
    await randomFile(folder, { name: 'Hike above Ålesund.mp4', size: 300_000_000 }),
    await randomFile(folder, { name: 'Route and notes.pdf', size: 1_200_000 }),
  ];
  await sending.getByLabel('Choose files').setInputFiles(files.map((file) => file.path));
  const link = await sending.getByRole('textbox', { name: 'Share link' }).inputValue();
  const receiving = await context.newPage();
  await receiving.goto(link);
  await receiving.getByRole('button', { name: 'Receive' }).click();
  const progress = receiving.getByRole('progressbar', { name: 'Progress' });
  await progress.waitFor();
  const isMidway = () => (document.querySelector('progress')?.position ?? 0) > 0.4;
  await receiving.waitForFunction(isMidway, null, { timeout: TRANSFER_TIMEOUT_MS });
  await joinPictures(await context.newPage(), [sending, receiving], 'pages.png');
  // So that the pictures of both pages are of the same moment.
  await receiving.getByRole('button', { name: 'Pause' }).click();
  for (const page of [sending, receiving]) {
    await page.setViewportSize({ width: WIDTH, height: DETAILS_HEIGHT });
    await page.getByRole('button', { name: 'Details' }).click();
    await page.getByRole('img', { name: 'Speed over time' }).locator('canvas').waitFor();
  }
  await joinPictures(await context.newPage(), [sending, receiving], 'details.png');
}

/** A comparison of all ways between two pages, as it is shown when it is done. */
async function takeComparison(address: string): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 1_120, height: 1_500 } });
  const [host, guest] = [await context.newPage(), await context.newPage()];
  await host.goto(`${address}/compare`);
  const link = host.getByRole('textbox', { name: 'Share link' });
  await link.waitFor();
  await guest.goto(await link.inputValue());
  await host.getByRole('combobox', { name: 'Size' }).selectOption('50 MB');
  await host.getByRole('button', { name: 'Compare', exact: true }).click();
  await guest.getByRole('button', { name: 'Take part' }).click();
  const table = host.getByRole('table', { name: 'Transfer comparison' });
  await table.waitFor({ timeout: COMPARISON_TIMEOUT_MS });
  await host.bringToFront();
  await host.screenshot({ path: picture('compare.png') });
}

/** Puts the pages' pictures side by side. */
async function joinPictures(frame: Page, pages: readonly Page[], name: string): Promise<void> {
  // One after another: the sender hears of progress a little later than it is made.
  const shots: Buffer[] = [];
  for (const page of pages) shots.push(await page.screenshot());
  const images = shots.map(
    (shot) => `<img src="data:image/png;base64,${shot.toString('base64')}">`,
  );
  const height = pages[0]?.viewportSize()?.height ?? HEIGHT;
  await frame.setViewportSize({ width: WIDTH * pages.length + 20, height });
  await frame.setContent(`<body style="margin:0;display:flex;gap:20px">${images.join('')}</body>`);
  await frame.screenshot({ path: picture(name) });
}
