import path from 'node:path';
import type { Machine } from './machine.ts';

const PROGRAM_NAMES = ['google-chrome', 'google-chrome-stable', 'chromium', 'chromium-browser'];

const MAC_APPLICATIONS = [
  'Google Chrome.app/Contents/MacOS/Google Chrome',
  'Chromium.app/Contents/MacOS/Chromium',
];

const WINDOWS_PROGRAMS = [
  ['Google', 'Chrome', 'Application', 'chrome.exe'],
  ['Chromium', 'Application', 'chrome.exe'],
];

type Place = Pick<Machine, 'platform' | 'env'>;

/**
 * Where an installed Chrome or Chromium may be, best first: the names on PATH, then the places where
 * the installers of macOS and Windows put it. Nothing is looked up.
 */
export function browserPlaces({ platform, env }: Place): readonly string[] {
  const rules = rulesOf(platform);
  const folders = pathFolders({ platform, env });
  const onPath = PROGRAM_NAMES.flatMap((name) => folders.map((folder) => rules.join(folder, name)));
  return [...new Set([...onPath, ...installerPlaces({ platform, env })])];
}

/** The folders of PATH. */
export function pathFolders({ platform, env }: Place): readonly string[] {
  return (env['PATH'] ?? env['Path'] ?? '').split(rulesOf(platform).delimiter).filter(Boolean);
}

function rulesOf(platform: NodeJS.Platform): typeof path.posix {
  return platform === 'win32' ? path.win32 : path.posix;
}

function installerPlaces({ platform, env }: Place): readonly string[] {
  const isText = (value: string | undefined): value is string => Boolean(value);
  if (platform === 'darwin') {
    const home = env['HOME'];
    const roots = ['/Applications', ...(home ? [path.posix.join(home, 'Applications')] : [])];
    return MAC_APPLICATIONS.flatMap((name) => roots.map((root) => path.posix.join(root, name)));
  }
  if (platform === 'win32') {
    const roots = [env['PROGRAMFILES'], env['PROGRAMFILES(X86)'], env['LOCALAPPDATA']];
    return WINDOWS_PROGRAMS.flatMap((parts) =>
      roots.filter(isText).map((root) => path.win32.join(root, ...parts)),
    );
  }
  return [];
}
