import * as v from 'valibot';

/** The unit of request, hash, resume and re-send, in bytes; the last piece of a file is shorter. */
export const PIECE_BYTES = 1024 * 1024;

/** How many files one share may hold. */
export const MAX_FILES = 100_000;

/** How many pieces one share may hold (16 TiB): what a receiver keeps per piece stays bounded. */
export const MAX_PIECES = 2 ** 24;

const MAX_PATH_LENGTH = 4_096;
const MAX_TYPE_LENGTH = 255;

const wellFormed = v.check<string, string>(
  (text) => !/\p{Surrogate}/u.test(text),
  'lone surrogate',
);

/** Checks one file of a manifest that comes from outside. */
export const manifestEntrySchema = v.pipe(
  v.strictObject({
    path: v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_PATH_LENGTH), wellFormed),
    size: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
    type: v.pipe(v.string(), v.maxLength(MAX_TYPE_LENGTH), wellFormed),
    lastModified: v.pipe(v.number(), v.safeInteger()),
  }),
  v.check((entry) => !isFolder(entry) || entry.size === 0, 'a folder has no bytes'),
);

/**
 * One file of a share: its path (with `/` between folders), its size in bytes, its media type, and when it was last
 * modified (ms since 1970). A path that ends with `/` is an empty folder.
 */
export type ManifestEntry = v.InferOutput<typeof manifestEntrySchema>;

/** The files of a share, with where each one's pieces stand in the share's one numbering of pieces from 0. */
export interface Manifest {
  readonly entries: readonly ManifestEntry[];
  readonly totalBytes: number;
  readonly pieceCount: number;
  /** number of the first piece of each file */
  readonly firstPieces: readonly number[];
}

/** Where a piece is: file and piece within the file as they stand on the wire, and its place in bytes. */
export interface PiecePlace {
  readonly file: number;
  readonly piece: number;
  /** in the file, in bytes */
  readonly start: number;
  /** in bytes, at least 1 */
  readonly length: number;
}

/** How many pieces a file of `size` bytes has; an empty file has none. */
export function countPieces(size: number): number {
  return Math.ceil(size / PIECE_BYTES);
}

/** The manifest of these files, or null where there are more files, pieces or bytes than a share may hold. */
export function buildManifest(entries: readonly ManifestEntry[]): Manifest | null {
  if (entries.length > MAX_FILES) return null;
  const firstPieces: number[] = [];
  let pieceCount = 0;
  let totalBytes = 0;
  for (const entry of entries) {
    firstPieces.push(pieceCount);
    pieceCount += countPieces(entry.size);
    totalBytes += entry.size;
  }
  if (pieceCount > MAX_PIECES || !Number.isSafeInteger(totalBytes)) return null;
  return { entries, totalBytes, pieceCount, firstPieces };
}

/** What the user chose: a file, or where `file` is null an empty folder, whose path ends with `/`. */
export interface ChosenEntry {
  /** relative, with `/` between folders */
  readonly path: string;
  readonly file: File | null;
  /** what a manifest says of it, where that was found out before */
  readonly described?: ManifestEntry;
}

/** What a manifest says of what the user chose. A lone surrogate in a name becomes U+FFFD. */
export function describeChosen({ path, file, described }: ChosenEntry): ManifestEntry {
  if (described !== undefined) return described;
  if (file === null) {
    const folder = replaceSurrogates(path.slice(0, MAX_PATH_LENGTH - 1)).replace(/\/*$/, '/');
    return { path: folder, size: 0, type: '', lastModified: 0 };
  }
  return {
    path: replaceSurrogates(path.slice(0, MAX_PATH_LENGTH)).replace(/\/+$/, '') || 'file',
    size: file.size,
    type: replaceSurrogates(file.type.slice(0, MAX_TYPE_LENGTH)),
    lastModified: file.lastModified,
  };
}

/** Whether an entry is an empty folder. */
export function isFolder({ path }: { readonly path: string }): boolean {
  return path.endsWith('/');
}

/** The number of a file's piece in the share's numbering, or null where the file or the piece does not exist. */
export function numberPiece(manifest: Manifest, file: number, piece: number): number | null {
  const entry = manifest.entries[file];
  const first = manifest.firstPieces[file];
  if (entry === undefined || first === undefined || piece >= countPieces(entry.size)) return null;
  return first + piece;
}

/** Where the piece with this number is. @throws {RangeError} where no piece has it */
export function locatePiece(manifest: Manifest, number: number): PiecePlace {
  if (number < 0 || number >= manifest.pieceCount) throw new RangeError('no such piece');
  const file = findFile(manifest.firstPieces, number);
  const piece = number - (manifest.firstPieces[file] ?? 0);
  const start = piece * PIECE_BYTES;
  const size = manifest.entries[file]?.size ?? 0;
  return { file, piece, start, length: Math.min(PIECE_BYTES, size - start) };
}

/** SHA-256 of the manifest in its canonical form: what tells one share's content from another's. */
export async function digestManifest(manifest: Manifest): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', encodeManifest(manifest)));
}

/** The manifest in its canonical form: the UTF-8 JSON of a row for each file, without white space. */
export function encodeManifest(manifest: Manifest): Uint8Array<ArrayBuffer> {
  const rows = manifest.entries.map(({ path, size, type, lastModified }) => [
    path,
    size,
    type,
    lastModified,
  ]);
  return new TextEncoder().encode(JSON.stringify(rows));
}

/** The last file whose first piece is not beyond `number`; empty files before it share that first piece. */
function findFile(firstPieces: readonly number[], number: number): number {
  let low = 0;
  let high = firstPieces.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((firstPieces[middle] ?? 0) <= number) low = middle;
    else high = middle - 1;
  }
  return low;
}

function replaceSurrogates(text: string): string {
  return text.replaceAll(/\p{Surrogate}/gu, '\uFFFD');
}
