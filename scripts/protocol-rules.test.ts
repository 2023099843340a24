import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const project = fileURLToPath(new URL('..', import.meta.url));

/** The ids of the rules that PROTOCOL.md states, each at the beginning of a list item. */
async function statedRules(): Promise<string[]> {
  const text = await readFile(join(project, 'PROTOCOL.md'), 'utf8');
  return [...text.matchAll(/^- \*\*([A-Z]{2}\d+)\*\*/gm)].map(([, id]) => id ?? '');
}

/** The ids that titles of tests quote, in square brackets. */
async function quotedRules(): Promise<Set<string>> {
  const folders = ['client', 'signaling', 'e2e', 'scripts'];
  const texts = await Promise.all(folders.map((folder) => readTests(join(project, folder))));
  const quotes = texts.flat().flatMap((text) => [...text.matchAll(/['"`]\[([A-Z]{2}\d+)\]/g)]);
  return new Set(quotes.map(([, id]) => id ?? ''));
}

async function readTests(folder: string): Promise<string[]> {
  const files = await readdir(folder, { recursive: true });
  const tests = files.filter((file) => /\.(?:test|spec)\.tsx?$/.test(file));
  return await Promise.all(tests.map((file) => readFile(join(folder, file), 'utf8')));
}

test('every rule of PROTOCOL.md is stated once', async () => {
  const stated = await statedRules();
  expect(stated.length).toBeGreaterThan(20);
  expect(new Set(stated).size).toBe(stated.length);
});

test('every rule of PROTOCOL.md is quoted by a test, and tests quote no other', async () => {
  const quoted = [...(await quotedRules())].toSorted();
  expect(quoted).toEqual((await statedRules()).toSorted());
});
