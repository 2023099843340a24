import { mkdir, readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readTree } from './file-tree.ts';
import { runProgram } from './run-program.ts';
import { withTemporaryFolder } from './temporary-folder.ts';
import { unzip } from './unzip.ts';

const ZIP = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w') as archive:
    for name in sys.argv[2:]: archive.writestr(name, 'content of ' + name)
`;

/** Makes an archive of these names, hands it to `use`, and unpacks it. */
async function unpacked(
  names: readonly string[],
  use: (archive: string) => Promise<void> = async () => undefined,
): Promise<readonly string[]> {
  return await withTemporaryFolder(os.tmpdir(), async (folder) => {
    const [archive, target] = [path.join(folder, 'a.zip'), path.join(folder, 'out')];
    await runProgram('python3', ['-W', 'ignore', '-c', ZIP, archive, ...names]);
    await use(archive);
    await mkdir(target);
    await unzip(archive, target);
    return Object.keys(await readTree(target)).toSorted();
  });
}

describe('unzip', () => {
  it('unpacks files with their paths', async () => {
    const names = ['a.txt', 'b/ünï 🗂️.txt', 'b/c/'];
    expect(await unpacked(names)).toEqual(names.toSorted());
  });

  it.each([['../out'], ['/etc/x'], ['a/../../b'], ['back\\slash']])('refuses %s', async (name) => {
    await expect(unpacked([name])).rejects.toThrow(/unsafe name/);
  });

  it('refuses a name that stands twice', async () => {
    await expect(unpacked(['a', 'a'])).rejects.toThrow(/twice/);
  });

  it('refuses a broken archive', async () => {
    const breakIt = async (archive: string): Promise<void> => {
      const bytes = await readFile(archive);
      bytes.write('X', bytes.indexOf('content of'));
      await writeFile(archive, bytes);
    };
    await expect(unpacked(['a.txt'], breakIt)).rejects.toThrow(/bad checksum/);
  });
});
