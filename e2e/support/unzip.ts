import { runProgram } from './run-program.ts';

/** Checks every checksum, then writes everything out. Names are taken as they are: a name that leaves the folder fails. */
const PROGRAM = `
import sys, zipfile
archive = zipfile.ZipFile(sys.argv[1])
bad = archive.testzip()
if bad is not None: sys.exit('bad checksum: ' + bad)
for name in archive.namelist():
    if name.startswith('/') or '..' in name.split('/') or '\\\\' in name: sys.exit('unsafe name: ' + name)
if len(set(archive.namelist())) != len(archive.namelist()): sys.exit('a name stands twice')
archive.extractall(sys.argv[2])
`;

/**
 * Unpacks a ZIP archive with another implementation than the one that made it: Python's.
 * @throws Error when it is broken, or holds a name twice or one that leads out of the folder
 */
export async function unzip(archive: string, folder: string): Promise<void> {
  await runProgram('python3', ['-c', PROGRAM, archive, folder]);
}
