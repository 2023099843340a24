import path from 'node:path';
import { pathFolders } from './browser-places.ts';
import { lastLine } from './find-browser.ts';
import type { Machine } from './machine.ts';

const LIST_TIME_LIMIT_MS = 3 * 60_000;
const INSTALL_TIME_LIMIT_MS = 10 * 60_000;

/**
 * Installs a package of the system with apt-get, as root where there is one.
 * @returns null when it is installed, else why it is not
 */
export async function installPackage(machine: Machine, name: string): Promise<string | null> {
  if (!hasAptGet(machine)) return `this system has no apt-get to install the package ${name} with`;
  if (!machine.isRoot) return `only root may install the package ${name} with apt-get`;
  const program = 'apt-get';
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  // A list that could not be renewed may still do, so only the installation's own result counts.
  await machine.run({ program, args: ['update'], timeLimitMs: LIST_TIME_LIMIT_MS, env });
  const { exitCode, output } = await machine.run({
    program,
    args: ['install', '-y', '--no-install-recommends', name],
    timeLimitMs: INSTALL_TIME_LIMIT_MS,
    env,
  });
  return exitCode === 0 ? null : `apt-get could not install ${name}: ${lastLine(output)}`;
}

function hasAptGet(machine: Machine): boolean {
  const places = pathFolders(machine).map((folder) => path.posix.join(folder, 'apt-get'));
  return machine.platform === 'linux' && places.some((place) => machine.exists(place));
}
