import { chmod, mkdtemp, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { BrowserContext, LaunchOptions, Page } from 'playwright/test';
import { launchProfile } from '../../e2e/support/launch-profile.ts';
import type { Lab } from '../links/lab.ts';
import type { HostName } from '../links/line.ts';

/** Where browsers are started, and for which sites. */
export interface BrowserSetting {
  /** for their profiles */
  readonly folder: string;
  readonly options: LaunchOptions;
  /** null for this machine itself */
  readonly lab: Lab | null;
  /** the sites that they open, which are no secure contexts without a word to the browser */
  readonly origins: readonly string[];
}

/** No multicast DNS crosses the hub. */
const SWITCHES = ['--disable-features=WebRtcHideLocalIpsWithMdns'];

/** tsx gives functions their names by a helper that those which are sent into a page miss there. */
const NAME_HELPER = 'globalThis.__name ??= (named) => named;';

/** A browser process with a fresh profile on one of the two machines. */
export class PlacedBrowser {
  readonly context: BrowserContext;

  private constructor(context: BrowserContext) {
    this.context = context;
  }

  static async start(host: HostName, setting: BrowserSetting): Promise<PlacedBrowser> {
    const { folder, options, origins } = setting;
    const context = await launchProfile(folder, {
      ...options,
      executablePath: await programIn(host, setting),
      args: [
        ...(options.args ?? []),
        ...SWITCHES,
        `--unsafely-treat-insecure-origin-as-secure=${origins.join(',')}`,
      ],
    });
    await context.addInitScript({ content: NAME_HELPER });
    return new PlacedBrowser(context);
  }

  /** The page that the browser opens with: a second one would have a renderer of its own. */
  async openPage(): Promise<Page> {
    return this.context.pages()[0] ?? (await this.context.newPage());
  }

  async close(): Promise<void> {
    await this.context.close();
  }
}

/** The path of a script that starts the browser in a place of the lab. */
async function programIn(
  host: HostName,
  { folder, options, lab }: BrowserSetting,
): Promise<string> {
  const program = options.executablePath ?? '';
  if (lab === null) return program;
  const file = path.join(await mkdtemp(path.join(folder, 'in-')), `${host}.sh`);
  const words = [...lab.commandIn(host), program].map((word) => `'${word}'`);
  await writeFile(file, `#!/bin/sh\nexec ${words.join(' ')} "$@"\n`);
  await chmod(file, 0o755);
  return file;
}
