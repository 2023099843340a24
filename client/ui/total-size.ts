import type { FileSummary } from '../session/file-summary.ts';

/** The bytes of all files together. */
export function totalSize(files: readonly FileSummary[]): number {
  return files.reduce((sum, file) => sum + file.size, 0);
}
