import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** What is in a folder: the SHA-256 of each file by its path, and `folder` by the path of each empty folder. */
export type FileTree = Readonly<Record<string, string>>;

const EMPTY_FOLDER = 'folder';
const BATCH = 64;

/** Describes everything in `folder`, with `/` between folders and at the end of an empty one. */
export async function readTree(folder: string): Promise<FileTree> {
  const tree: Record<string, string> = {};
  const walk = async (below: string): Promise<void> => {
    const entries = await readdir(path.join(folder, below), { withFileTypes: true });
    if (entries.length === 0 && below !== '') tree[below] = EMPTY_FOLDER;
    for (const entry of entries) {
      const name = `${below}${entry.name}`;
      if (entry.isDirectory()) await walk(`${name}/`);
      else tree[name] = sha256(await readFile(path.join(folder, name)));
    }
  };
  await walk('');
  return tree;
}

/** The tree without its empty folders, as a folder picker hands it on. */
export function filesOnly(tree: FileTree): FileTree {
  return Object.fromEntries(Object.entries(tree).filter(([, value]) => value !== EMPTY_FOLDER));
}

/** The tree as it is seen from outside of the folder `name`. */
export function below(name: string, tree: FileTree): FileTree {
  return Object.fromEntries(Object.entries(tree).map(([key, value]) => [`${name}/${key}`, value]));
}

/**
 * Writes `count` files of `size` bytes each into folders of a hundred below `folder`, every one with other bytes and
 * the same in every run.
 */
export async function manyFiles(
  folder: string,
  { count, size }: { readonly count: number; readonly size: number },
): Promise<void> {
  for (let first = 0; first < count; first += BATCH) {
    const numbers = Array.from({ length: Math.min(BATCH, count - first) }, (_, at) => first + at);
    await Promise.all(numbers.map((number) => writeNumbered(folder, number, size)));
  }
}

/** Names that a file may have on Linux, macOS and Windows alike, and that code likes to get wrong. */
const ODD_FOLDERS = ['with  two spaces', 'Ünïcödé 🗂️', 'a&b=c#d%20e', '.hidden', 'ملفات'];
const ODD_FILES = ["it's.txt", '{x}[y](z).bin', 'no extension', 'résumé.pdf', '+plus, comma;.txt'];

/** Writes a tree of folders in folders with such names, and empty folders, into `folder`. */
export async function oddTree(folder: string): Promise<void> {
  let deep = folder;
  for (const [depth, name] of ODD_FOLDERS.entries()) {
    deep = path.join(deep, name);
    await mkdir(path.join(deep, 'empty', 'also empty'), { recursive: true });
    for (const [index, file] of ODD_FILES.entries()) {
      await writeFile(path.join(deep, file), contentOf(depth * ODD_FILES.length + index, 2000));
    }
  }
  await writeFile(path.join(folder, 'at the top.txt'), 'top');
  await writeFile(path.join(deep, 'of no length'), '');
}

async function writeNumbered(folder: string, number: number, size: number): Promise<void> {
  const below = path.join(folder, `part ${String(Math.floor(number / 100)).padStart(4, '0')}`);
  await mkdir(below, { recursive: true });
  await writeFile(path.join(below, `file ${number}.bin`), contentOf(number, size));
}

/** Bytes that the number decides. */
function contentOf(number: number, size: number): Buffer {
  const block = createHash('sha256').update(`onehop file ${number}`).digest();
  return Buffer.alloc(size, block);
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
