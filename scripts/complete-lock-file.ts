import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { completeLockFile, missingPackages, readLockFile } from './lock-file.ts';

// `npm run lock`, after every change of dependencies: see `missingPackages`.
const path = fileURLToPath(new URL('../package-lock.json', import.meta.url));
const lockFile = readLockFile(await readFile(path, 'utf8'));
const { length } = missingPackages(lockFile);
if (length > 0) await writeFile(path, `${JSON.stringify(completeLockFile(lockFile), null, 2)}\n`);
console.log(`package-lock.json: ${length} optional packages of other platforms added`);
