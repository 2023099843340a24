import type { FileFailureReason } from '../transfer/control-message.ts';
import { type Manifest, isFolder } from '../share/manifest.ts';

/** A file, or an empty folder, as both pages list it. */
export interface FileSummary {
  /** its path as the sender gave it: with `/` between folders, and at the end of an empty folder */
  readonly name: string;
  /** bytes */
  readonly size: number;
  readonly folder: boolean;
}

/** A file that cannot be had any more, although the others can. */
export interface FileFailure {
  /** its number in the manifest */
  readonly file: number;
  readonly reason: FileFailureReason;
}

/** The files of a manifest as both pages list them. */
export function summarizeFiles(manifest: Manifest): FileSummary[] {
  return manifest.entries.map((entry) => ({
    name: entry.path,
    size: entry.size,
    folder: isFolder(entry),
  }));
}
