import { type Page, expect } from 'playwright/test';
import { rendererPids } from './renderer-pids.ts';

/**
 * Kills the renderer of a page by its own process id, as the system does when it runs out of memory. The page must be
 * the only one of its browser process, so that the renderers in that process's list are its own and spare ones.
 * @returns when the browser has noticed that all of them are gone: a page that it opened before could be given to one
 *   that is. This page is of no use any more, open another
 */
export async function killRenderer(page: Page): Promise<void> {
  const context = page.context();
  if (context.pages().length !== 1) throw new Error('The browser has other pages.');
  const pids = await rendererPids(context);
  const crashed = page.waitForEvent('crash');
  for (const pid of pids) process.kill(pid, 'SIGKILL');
  await crashed;
  const left = async (): Promise<readonly number[]> =>
    (await rendererPids(context)).filter((pid) => pids.includes(pid));
  await expect.poll(left).toEqual([]);
}
