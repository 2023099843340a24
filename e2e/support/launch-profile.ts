import { mkdtemp } from 'node:fs/promises';
import path from 'node:path';
import { type BrowserContext, type LaunchOptions, chromium } from 'playwright/test';

/** Starts a browser process with a new profile below `folder`; in an incognito context the page's files are in memory. */
export async function launchProfile(
  folder: string,
  options: LaunchOptions,
): Promise<BrowserContext> {
  const profile = await mkdtemp(path.join(folder, 'profile-'));
  return await chromium.launchPersistentContext(profile, { ...options, acceptDownloads: true });
}
