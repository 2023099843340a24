import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { completeLockFile, missingPackages, readLockFile } from './lock-file.ts';

const text = await readFile(
  fileURLToPath(new URL('../package-lock.json', import.meta.url)),
  'utf8',
);

test('the lock file describes every optional package that it names, so that npm ci takes it', () => {
  expect(missingPackages(readLockFile(text)).map(({ name }) => name)).toEqual([]);
});

test('the lock file holds no download addresses', () => {
  const { packages } = readLockFile(text);
  expect(Object.values(packages).filter(({ resolved }) => resolved !== undefined)).toEqual([]);
});

test('a missing optional package is added for the platform that its name says, and nothing else changes', () => {
  const tool = {
    version: '1.0.0',
    dev: true,
    optionalDependencies: { 'tool-linux-x64-musl': '1.0.0' },
  };
  const incomplete = { name: 'onehop', packages: { '': {}, 'node_modules/tool': tool } };
  const complete = completeLockFile(readLockFile(JSON.stringify(incomplete)));
  expect(complete).toEqual({
    name: 'onehop',
    packages: {
      '': {},
      'node_modules/tool': tool,
      'node_modules/tool-linux-x64-musl': {
        version: '1.0.0',
        cpu: ['x64'],
        os: ['linux'],
        libc: ['musl'],
        optional: true,
        dev: true,
      },
    },
  });
  expect(missingPackages(complete)).toEqual([]);
});
