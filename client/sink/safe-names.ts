/** The longest name that file systems take, in bytes of UTF-8. */
const MAX_NAME_BYTES = 255;
/** Deeper and longer paths than these are shortened in the middle: some systems take 1,024 bytes with everything before it. */
const MAX_SEGMENTS = 32;
const MAX_PATH_BYTES = 800;
/** A longer ending of a name is no file type. */
const MAX_EXTENSION_BYTES = 32;

/** Invisible: reorders or hides text. Joiners are left, which scripts and emoji need. */
const INVISIBLE = /(?![\u200c\u200d])\p{Cf}/gu;
/** What Windows, macOS or a shell of theirs does not take in a name. */
const FORBIDDEN = /[\p{Cc}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}\p{Surrogate}\\<>:"|?*]/gu;
const NOT_LAST = /[\s.]/u;
/** Names of devices on Windows, whatever comes behind the first dot. */
const DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])\s*(?:\.|$)/iu;
/** Types that a shell follows when it only shows the folder; browsers refuse to write them. */
const SHORTCUT = /\.(?:lnk|local|scf|url)$/iu;

/** A folder while names are given out in it. */
interface Folder {
  readonly path: string;
  /** by their name as the share has it */
  readonly folders: Map<string, Folder>;
  /** keys of the names given out */
  readonly taken: Set<string>;
  /** by key: the number to try next */
  readonly numbers: Map<string, number>;
}

/** What two names have in common that some file system takes for the same name: case and Unicode form. */
export function nameKey(name: string): string {
  return name.normalize('NFD').toUpperCase().toLowerCase().normalize('NFC');
}

/**
 * For each path of a share a relative path, with `/` between folders, that Windows, macOS and Linux take and that leads nowhere outside;
 * no two are the same to any of them, nor is a file's path a folder of another's. A path that ends with `/`, an empty folder, still does.
 * @param isTaken whether there is a file or folder whose `nameKey` this is beside the outermost ones; those then get another name
 */
export function makeSafePaths(
  paths: readonly string[],
  isTaken: (key: string) => boolean = () => false,
): string[] {
  const root = emptyFolder('');
  const nothing = () => false;
  return paths.map((path) => {
    const isFolder = path.endsWith('/');
    const segments = shorten(splitPath(path));
    const name = segments.pop() ?? (isFolder ? 'folder' : 'file');
    let folder = root;
    for (const segment of segments) {
      folder = enterFolder(folder, segment, folder === root ? isTaken : nothing);
    }
    const taken = folder === root ? isTaken : nothing;
    if (isFolder) return enterFolder(folder, name, taken).path;
    return folder.path + giveName(folder, name, taken);
  });
}

/** A single file's name as a file system takes it, of the last part of its path. */
export function makeSafeName(path: string): string {
  return makeSafePaths([splitPath(path).at(-1) ?? 'file'])[0] ?? 'file';
}

function emptyFolder(path: string): Folder {
  return { path, folders: new Map(), taken: new Set(), numbers: new Map() };
}

/** The folder of this name within another; two that the share tells apart stay apart. */
function enterFolder(parent: Folder, name: string, isTaken: (key: string) => boolean): Folder {
  const known = parent.folders.get(name);
  if (known !== undefined) return known;
  const folder = emptyFolder(`${parent.path}${giveName(parent, name, isTaken)}/`);
  parent.folders.set(name, folder);
  return folder;
}

/** A name that is free in the folder: the safe one, or with ` (2)`, ` (3)`, … before its extension. */
function giveName(folder: Folder, wanted: string, isTaken: (key: string) => boolean): string {
  const name = cleanName(wanted);
  const key = nameKey(name);
  let number = folder.numbers.get(key) ?? 1;
  let free = number === 1 ? name : numberedName(name, number);
  let freeKey = nameKey(free);
  while (folder.taken.has(freeKey) || isTaken(freeKey)) {
    number += 1;
    free = numberedName(name, number);
    freeKey = nameKey(free);
  }
  folder.numbers.set(key, number + 1);
  folder.taken.add(freeKey);
  return free;
}

/** The parts of a path that name something. */
function splitPath(path: string): string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.' && part !== '..');
}

/** The first folders and the name: as many as a path may have. */
function shorten(segments: string[]): string[] {
  if (segments.length <= MAX_SEGMENTS && segments.join('/').length * 3 <= MAX_PATH_BYTES) {
    return segments;
  }
  const last = segments.slice(-1);
  let bytes = Math.min(MAX_NAME_BYTES, countBytes(last.join('')));
  const folders = segments.slice(0, -1).filter((segment, index) => {
    bytes += Math.min(MAX_NAME_BYTES, countBytes(segment)) + 1;
    return index < MAX_SEGMENTS - 1 && bytes <= MAX_PATH_BYTES;
  });
  return [...folders, ...last];
}

function cleanName(name: string): string {
  const plain = trimName(name.normalize('NFC').replace(INVISIBLE, '').replace(FORBIDDEN, '_'));
  const harmless = plain.replace(SHORTCUT, '$&.download').replace(DEVICE, '_$&');
  return fitName(harmless, '') || '_';
}

/** Without spaces at its ends and dots at its end, which Windows leaves out. */
function trimName(name: string): string {
  let end = name.length;
  while (end > 0 && NOT_LAST.test(name.charAt(end - 1))) end -= 1;
  return name.slice(0, end).trimStart();
}

function numberedName(name: string, number: number): string {
  return fitName(name, ` (${number})`);
}

/** The name with `mark` before its extension, cut at a whole character to what file systems take. */
function fitName(name: string, mark: string): string {
  const dot = name.lastIndexOf('.');
  const hasExtension = dot > 0 && countBytes(name.slice(dot)) <= MAX_EXTENSION_BYTES;
  const extension = hasExtension ? name.slice(dot) : '';
  const stem = hasExtension ? name.slice(0, dot) : name;
  const room = MAX_NAME_BYTES - countBytes(extension) - mark.length;
  const cut = cutBytes(stem, room);
  return (cut.length < stem.length ? trimName(cut) : cut) + mark + extension;
}

function cutBytes(text: string, room: number): string {
  if (text.length * 3 <= room || countBytes(text) <= room) return text;
  let bytes = 0;
  let cut = '';
  for (const character of text) {
    bytes += countBytes(character);
    if (bytes > room) break;
    cut += character;
  }
  return cut;
}

const encoder = new TextEncoder();

function countBytes(text: string): number {
  return encoder.encode(text).length;
}
