import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import type { BrowserContext, LaunchOptions } from 'playwright/test';
import { launchProfile } from './launch-profile.ts';
import { type Carried, NetworkLab } from './network-lab.ts';
import { ServerProcess } from './server-process.ts';
import { SilentNetwork } from './silent-network.ts';
import { Site } from './site.ts';

/** A machine of its own for one browser, whose network can fail. */
export interface Machine {
  readonly browser: BrowserContext;
  /** what only a real network can do; null where pages fall silent instead */
  readonly link: MachineLink | null;
  /** From now on nothing comes or goes. */
  cut(): Promise<void>;
  mend(): Promise<void>;
}

/** How a machine is joined to the others. */
export interface MachineLink {
  /** Gives the machine another address; the old one is gone at once. */
  changeAddress(): Promise<void>;
  /** Lets it receive no more than this, in Mbit/s, and send no more. */
  limit(megabits: number): Promise<void>;
  /** What it has sent and received so far. */
  carried(): Promise<Carried>;
}

/** What networks are made with. */
export interface NetworksSetup {
  /** for profiles and data */
  readonly folder: string;
  readonly options: LaunchOptions;
  /** settings of the server */
  readonly settings: Readonly<Record<string, string>>;
  /** is told of each browser that was started */
  readonly watch: (browser: BrowserContext) => void;
}

/** Machines and a server, either in network namespaces or with pages that fall silent. */
export interface Networks {
  readonly kind: 'namespaces' | 'pages';
  readonly siteUrl: string;
  /** Starts a browser on a machine of its own. Up to three. */
  startMachine(): Promise<Machine>;
  /** Closes browsers, server and network. */
  close(): Promise<void>;
}

const HOSTS = ['one', 'two', 'three'] as const;
const PORT = 3000;

/**
 * Starts a server and a network of up to three machines around it: a lab of network namespaces, or, where this machine
 * does not let one be made, pages that fall silent.
 */
export async function startNetworks(setup: NetworksSetup): Promise<Networks> {
  return (await NetworkLab.available()) ? startLab(setup) : startPages(setup);
}

async function startLab({ folder, options, settings, watch }: NetworksSetup): Promise<Networks> {
  const lab = await NetworkLab.open(HOSTS);
  const dataFolder = await mkdtemp(path.join(folder, 'data-'));
  const address = lab.hubAddress;
  const server = new ServerProcess(
    PORT,
    { ...settings, DATA_DIR: dataFolder },
    { command: lab.inHub, address },
  );
  const siteUrl = `http://${address}:${PORT}`;
  const browsers: BrowserContext[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(browsers.map((browser) => browser.close()));
    await server.stop();
    await lab.close();
    await rm(dataFolder, { recursive: true, force: true });
  };
  try {
    await server.start();
  } catch (error) {
    await close();
    throw error;
  }
  return {
    kind: 'namespaces',
    siteUrl,
    close,
    async startMachine() {
      const host = HOSTS[browsers.length];
      if (host === undefined) throw new Error('The lab has no machine left.');
      const executablePath = await lab.scriptFor(host, options.executablePath ?? '', folder);
      const args = [...(options.args ?? []), ...labSwitches(siteUrl)];
      const browser = await launchProfile(folder, { ...options, executablePath, args });
      browsers.push(browser);
      watch(browser);
      return {
        browser,
        cut: () => lab.cut(host),
        mend: () => lab.mend(host),
        link: {
          changeAddress: () => lab.changeAddress(host),
          limit: (megabits) => lab.limit(host, megabits),
          carried: () => lab.carried(host),
        },
      };
    },
  };
}

/** Plain http from another machine is no secure context, and no multicast DNS crosses the hub. */
function labSwitches(siteUrl: string): readonly string[] {
  return [
    `--unsafely-treat-insecure-origin-as-secure=${siteUrl}`,
    '--disable-features=WebRtcHideLocalIpsWithMdns',
  ];
}

async function startPages({ folder, options, settings, watch }: NetworksSetup): Promise<Networks> {
  const site = await Site.start(settings);
  const browsers: BrowserContext[] = [];
  return {
    kind: 'pages',
    siteUrl: site.url,
    async startMachine() {
      const browser = await launchProfile(folder, options);
      browsers.push(browser);
      watch(browser);
      const network = await SilentNetwork.prepare(browser);
      return {
        browser,
        link: null,
        cut: () => network.setSilent(true),
        mend: () => network.setSilent(false),
      };
    },
    async close() {
      await Promise.all(browsers.map((browser) => browser.close()));
      await site.stop();
    },
  };
}
