import type { BrowserContext } from 'playwright/test';

/** The process ids of a browser's renderers: those of its pages, and idle spare ones. */
export async function rendererPids(context: BrowserContext): Promise<readonly number[]> {
  const browser = context.browser();
  if (!browser) throw new Error('The context belongs to no browser process.');
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  return processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
}
