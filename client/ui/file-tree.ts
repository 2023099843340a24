import type { FileSummary } from '../session/file-summary.ts';
import { type NumberSet, hasNumber } from '../share/number-set.ts';

/** One line of a list of files. */
export type FileRow =
  | {
      readonly type: 'file';
      /** its number in the share */
      readonly file: number;
      /** the folders that the rows above it already name, with `/` at the end; empty outside of folders */
      readonly folder: string;
      readonly name: string;
      readonly depth: number;
    }
  | {
      readonly type: 'folder';
      /** with `/` at its end */
      readonly path: string;
      readonly name: string;
      readonly depth: number;
      /** what is below it, as places in the tree's `order`: from `start` to before `end` */
      readonly start: number;
      readonly end: number;
    };

/** Files in the order in which they are listed: each folder's together, everything else as the sender gave it. */
export interface FileTree {
  readonly rows: readonly FileRow[];
  /** the numbers of the files, in the order of their rows */
  readonly order: readonly number[];
}

/** Deeper folders get no rows of their own, so that paths made for the purpose cannot multiply a list. */
const MAX_DEPTH = 12;

/** Lays out all files, or those in `shown`, by their folders. */
export function buildFileTree(files: readonly FileSummary[], shown?: NumberSet): FileTree {
  const root: Folder = { path: '', name: '', children: [], folders: new Map() };
  for (const [index, { name }] of files.entries()) {
    if (shown !== undefined && !hasNumber(shown, index)) continue;
    place(root, name, index);
  }
  const tree = { rows: [], order: [] };
  layOut(root, 0, tree);
  return tree;
}

interface Folder {
  readonly path: string;
  readonly name: string;
  /** in the order of their first file */
  readonly children: (Folder | Leaf)[];
  readonly folders: Map<string, Folder>;
}

interface Leaf {
  readonly file: number;
  readonly name: string;
}

function place(root: Folder, path: string, file: number): void {
  let folder = root;
  let start = 0;
  for (let depth = 0; depth < MAX_DEPTH; depth += 1) {
    const slash = path.indexOf('/', start);
    // A slash at the end belongs to an empty folder, which is a row like a file's.
    if (slash === -1 || slash === path.length - 1) break;
    folder = enter(folder, path.slice(start, slash + 1));
    start = slash + 1;
  }
  folder.children.push({ file, name: path.slice(start) });
}

function enter(parent: Folder, name: string): Folder {
  const known = parent.folders.get(name);
  if (known !== undefined) return known;
  const folder = { path: parent.path + name, name, children: [], folders: new Map() };
  parent.folders.set(name, folder);
  parent.children.push(folder);
  return folder;
}

function layOut(
  folder: Folder,
  depth: number,
  tree: { readonly rows: FileRow[]; readonly order: number[] },
): void {
  for (const child of folder.children) {
    if ('file' in child) {
      tree.rows.push({ type: 'file', ...child, folder: folder.path, depth });
      tree.order.push(child.file);
      continue;
    }
    const row = tree.rows.length;
    const start = tree.order.length;
    // The rows below come first to be known, so the folder's own row keeps its place until then.
    const { path, name } = child;
    tree.rows.push({ type: 'folder', path, name, depth, start, end: start });
    layOut(child, depth + 1, tree);
    tree.rows[row] = { type: 'folder', path, name, depth, start, end: tree.order.length };
  }
}

/** How many of the first `n` files of the tree's order are in `selected`, for every `n`: any folder's part is a difference. */
export function countSelected(order: readonly number[], selected: NumberSet): Uint32Array {
  const counts = new Uint32Array(order.length + 1);
  let count = 0;
  for (const [index, file] of order.entries()) {
    if (hasNumber(selected, file)) count += 1;
    counts[index + 1] = count;
  }
  return counts;
}
