import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TlsIdentity } from '../app.ts';
import { isUsable, makeCertificate } from './certificate.ts';

/** The certificate in `folder`; made, and kept there, when there is none that serves for `hosts`. */
export async function keptCertificate(
  folder: string,
  hosts: readonly string[],
  now: Date,
): Promise<TlsIdentity> {
  const paths = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
  const kept = await read(paths);
  if (kept !== undefined && isUsable(kept, hosts, now)) return kept;
  const made = await makeCertificate(hosts, now);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await replace(paths.key, made.key, 0o600);
  await replace(paths.cert, made.cert, 0o644);
  return made;
}

async function read(paths: TlsIdentity): Promise<TlsIdentity | undefined> {
  try {
    const [cert, key] = await Promise.all([
      readFile(paths.cert, 'utf8'),
      readFile(paths.key, 'utf8'),
    ]);
    return { cert, key };
  } catch {
    return undefined;
  }
}

/** Writes beside the file and renames, so that a crash leaves the old or the new one, and no reader sees a wide mode. */
async function replace(path: string, text: string, mode: number): Promise<void> {
  const fresh = `${path}.new`;
  await writeFile(fresh, text, { mode });
  await chmod(fresh, mode);
  await rename(fresh, path);
}
