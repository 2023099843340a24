import { execFile } from 'node:child_process';
import { mkdtemp, rm, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** A disk of its own, so small that it can be filled. */
export interface SmallDisk {
  readonly folder: string;
  /** Takes it away with everything on it; nobody may use it any more. */
  remove(): Promise<void>;
}

/** Mounts a disk of so many MiB, in memory; null where this machine does not let that be done: it takes Linux and root. */
export async function mountSmallDisk(mebibytes: number): Promise<SmallDisk | null> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return null;
  const folder = await mkdtemp(join(tmpdir(), 'onehop-disk-'));
  try {
    await execute('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', folder]);
  } catch {
    await rmdir(folder);
    return null;
  }
  return {
    folder,
    async remove() {
      await execute('umount', [folder]);
      await rm(folder, { recursive: true });
    },
  };
}
