import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type Page, chromium } from 'playwright';
import { browserLaunchOptions } from './browser-launch-options.ts';

// Takes the picture in the README anew: `npm run pictures`. Both pages are real, in the middle of a transfer.
const WIDTH = 640;
const HEIGHT = 880;
const picture = fileURLToPath(new URL('../docs/pages.png', import.meta.url));
const main = fileURLToPath(new URL('../signaling/main.ts', import.meta.url));

const server = spawn(process.execPath, ['--import', 'tsx', main], {
  env: { ...process.env, PORT: '0' },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const browser = await chromium.launch(await browserLaunchOptions());
try {
  const [line] = await once(server.stdout, 'data');
  const address = /https?:\/\/\S+/.exec(String(line))?.[0] ?? '';
  const context = await browser.newContext({ viewport: { width: WIDTH, height: HEIGHT } });
  const sending = await context.newPage();
  await sending.goto(address);
  await sending.getByLabel('Choose files').setInputFiles([
    { name: 'Hike above Ålesund.mp4', mimeType: 'video/mp4', buffer: Buffer.alloc(45_000_000) },
    { name: 'Route and notes.pdf', mimeType: 'application/pdf', buffer: Buffer.alloc(1_200_000) },
  ]);
  const link = await sending.getByRole('textbox', { name: 'Share link' }).inputValue();
  const receiving = await context.newPage();
  await receiving.goto(link);
  await receiving.getByRole('button', { name: 'Receive' }).click();
  const progress = receiving.getByRole('progressbar', { name: 'Progress' });
  await progress.waitFor();
  await receiving.waitForFunction(() => (document.querySelector('progress')?.position ?? 0) > 0.4);
  await joinPictures(await context.newPage(), [sending, receiving]);
} finally {
  await browser.close();
  server.kill();
}

/** Puts the pages' pictures side by side. */
async function joinPictures(frame: Page, pages: readonly Page[]): Promise<void> {
  // One after another: the sender hears of progress a little later than it is made.
  const shots: Buffer[] = [];
  for (const page of pages) shots.push(await page.screenshot());
  const images = shots.map(
    (shot) => `<img src="data:image/png;base64,${shot.toString('base64')}">`,
  );
  await frame.setViewportSize({ width: WIDTH * pages.length + 20, height: HEIGHT });
  await frame.setContent(`<body style="margin:0;display:flex;gap:20px">${images.join('')}</body>`);
  await frame.screenshot({ path: picture });
}
