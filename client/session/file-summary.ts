import type { Manifest } from '../share/manifest.ts';

/** A file as both pages list it. */
export interface FileSummary {
  readonly name: string;
  /** bytes */
  readonly size: number;
}

/** The files of a manifest as both pages list them. */
export function summarizeFiles(manifest: Manifest): FileSummary[] {
  return manifest.entries.map(({ path, size }) => ({ name: path, size }));
}
