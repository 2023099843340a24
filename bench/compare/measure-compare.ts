import type { LaunchOptions } from 'playwright/test';
import { withTemporaryFolder } from '../../e2e/support/temporary-folder.ts';
import type { Input } from '../files/input.ts';
import type { Lab, Place } from '../links/lab.ts';
import { openLab } from '../links/open-lab.ts';
import { withBrowsers } from '../support/browser-pair.ts';
import type { BrowserSetting } from '../support/placed-browser.ts';
import { transferByTcp } from '../variants/tcp.ts';
import { type CompareProfile, linesFor } from './compare-profiles.ts';
import { CountedSite } from './counted-site.ts';
import { driveComparison } from './drive-comparison.ts';
import { driveCrowd, withCrowd } from './drive-crowd.ts';
import { type ComparedSize, CROWD_WAYS, type CrowdRun, type TcpSeconds } from './measured.ts';

const TCP_LIMIT_MS = 600_000;
/** Of what is measured beside a transfer, nothing is wanted of TCP here. */
const NO_COURSE = { onReady: async () => {}, onBegun: () => {}, onEnded: async () => {} };

/** What is measured with. */
export interface CompareBench {
  /** for profiles of browsers and data of servers */
  readonly folder: string;
  readonly options: LaunchOptions;
}

/** A profile with its lab and its site, ready. */
export interface Scene extends CompareBench {
  readonly profile: CompareProfile;
  /** null on the loopback */
  readonly lab: Lab | null;
  readonly site: CountedSite;
}

/** Opens the lab of a profile and starts the site in it, for as long as `use` takes. */
export async function withScene(
  bench: CompareBench,
  profile: CompareProfile,
  use: (scene: Scene) => Promise<void>,
): Promise<void> {
  const lab = profile.lines === null ? null : await openLab();
  try {
    const site = await CountedSite.start(lab, bench.folder);
    try {
      await use({ ...bench, profile, lab, site });
    } finally {
      await site.stop();
    }
  } finally {
    await lab?.close();
  }
}

/** One comparison by the page, and what TCP says of the lines right before. One that goes wrong does not take others with it. */
export async function measureComparison(
  scene: Scene,
  bytes: number,
  rounds: number,
): Promise<ComparedSize> {
  const { profile, lab, site } = scene;
  const head = { profile: profile.id, bytes };
  try {
    if (profile.lines !== null) await lab?.setLines(profile.lines, 1);
    const tcp = lab === null ? null : await measureTcp(lab, bytes);
    const before = await site.bytes();
    const plan = { siteUrl: site.url, bytes, rounds };
    const driven = await withSetting(scene, (setting) =>
      withBrowsers(setting, (pair) => driveComparison(pair, plan)),
    );
    return { ...head, ...driven, tcp, serverBytes: (await site.bytes()) - before, failure: null };
  } catch (error) {
    const nothing = { comparison: null, verdict: null, tcp: null, serverBytes: null };
    return { ...head, ...nothing, failure: failureOf(error) };
  }
}

/** A file for so many receivers at once, each way. */
export async function measureCrowd(
  scene: Scene,
  { input, receivers, round }: { input: Input; receivers: number; round: number },
  onRun: (run: CrowdRun) => void,
): Promise<void> {
  const { profile, lab, site } = scene;
  for (const way of CROWD_WAYS) {
    const head = { profile: profile.id, bytes: input.bytes, receivers, way, round };
    try {
      if (profile.lines !== null) await lab?.setLines(linesFor(profile.lines, receivers), round);
      const before = await site.bytes();
      const times = await withSetting(scene, (setting) =>
        withCrowd(setting, receivers, (sender, all) =>
          driveCrowd(sender, all, { siteUrl: site.url, input, way }),
        ),
      );
      onRun({ ...head, ...times, serverBytes: (await site.bytes()) - before, failure: null });
    } catch (error) {
      const nothing = { upSeconds: null, downSeconds: null, serverBytes: null };
      onRun({ ...head, ...nothing, failure: failureOf(error) });
    }
  }
}

/** What a browser is started with; what it received is deleted when `use` ends. */
async function withSetting<Value>(
  { folder, options, lab, site }: Scene,
  use: (setting: BrowserSetting) => Promise<Value>,
): Promise<Value> {
  return await withTemporaryFolder(folder, (own) =>
    use({ folder: own, options, lab, origins: [site.url] }),
  );
}

async function measureTcp(lab: Lab, bytes: number): Promise<TcpSeconds> {
  const seconds = async (from: Place, to: Place): Promise<number> => {
    const plan = { bytes, limitMs: TCP_LIMIT_MS, from, to };
    const outcome = await transferByTcp(lab, plan, NO_COURSE);
    if (outcome.type !== 'whole') throw new Error('TCP did not bring everything.');
    return outcome.seconds;
  };
  return {
    path: await seconds('sender', 'receiver'),
    up: await seconds('sender', 'hub'),
    down: await seconds('hub', 'receiver'),
  };
}

/** In short, as messages of a browser's driver quote what the page shows, links included. */
function failureOf(error: unknown): string {
  console.error(error);
  return error instanceof Error ? error.name : 'unknown';
}
