import type { Page } from 'playwright/test';

/** Ends the process behind a page at once, as when it runs out of memory or is killed. */
export async function crashRenderer(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const crashed = page.waitForEvent('crash');
  // It takes its own answer with it, so the command itself never succeeds.
  void session.send('Page.crash').catch(() => undefined);
  await crashed;
}
