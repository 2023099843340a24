import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { randomFile } from '../../e2e/support/random-file.ts';
import { writeBitmap } from './bitmap.ts';
import { writeJsonLines } from './json-lines.ts';
import { copySourceTree } from './source-tree.ts';

/** What is transferred. The same name and size are the same bytes every time, but for the source tree, which depends on what is installed. */
export const INPUT_KINDS = [
  'random',
  'random-zip',
  'random-small',
  'json-lines',
  'source-tree',
  'bitmap',
] as const;
export type InputKind = (typeof INPUT_KINDS)[number];

/** Files on disk, to be chosen by a sender. */
export interface Input {
  readonly type: 'file' | 'folder';
  readonly path: string;
  readonly bytes: number;
}

/** How large each of many small files is, in bytes: one piece, or nearly. */
const SMALL_BYTES = 1_000_000;

/** Makes an input of about this size below `folder`. */
export async function makeInput(folder: string, kind: InputKind, bytes: number): Promise<Input> {
  const place = path.join(folder, `${kind}-${bytes}`);
  await mkdir(place);
  switch (kind) {
    case 'random':
      return await aRandomFile(place, 'random.bin', bytes);
    case 'random-zip':
      return await aRandomFile(place, 'random.zip', bytes);
    case 'random-small':
      return await smallRandomFiles(place, bytes);
    case 'json-lines':
      return await aFile(path.join(place, 'requests.jsonl'), bytes, writeJsonLines);
    case 'bitmap':
      return await aFile(path.join(place, 'picture.bmp'), bytes, writeBitmap);
    case 'source-tree':
      return { type: 'folder', path: place, bytes: await copySourceTree(place, bytes) };
  }
}

async function aRandomFile(folder: string, name: string, size: number): Promise<Input> {
  const file = await randomFile(folder, { name, size });
  return { type: 'file', path: file.path, bytes: size };
}

async function smallRandomFiles(folder: string, bytes: number): Promise<Input> {
  const count = Math.max(1, Math.round(bytes / SMALL_BYTES));
  for (let number = 0; number < count; number += 1) {
    await randomFile(folder, { name: `${number}.bin`, size: SMALL_BYTES, seed: number });
  }
  return { type: 'folder', path: folder, bytes: count * SMALL_BYTES };
}

async function aFile(
  file: string,
  bytes: number,
  write: (file: string, bytes: number) => Promise<number>,
): Promise<Input> {
  return { type: 'file', path: file, bytes: await write(file, bytes) };
}
