import {
  type DownloadPlan,
  type DownloadSummary,
  parsePlan,
  parseSummary,
} from './download-record.ts';
import { JOURNAL_RECORD_BYTES, decodeJournal } from './piece-journal.ts';
import { DOWNLOAD_FILES } from './received-folder.ts';

/** Enough of a journal's end to find a whole record in, though some are torn. */
const JOURNAL_TAIL_BYTES = 64 * JOURNAL_RECORD_BYTES;

/** The summary of a kept download that holds; null where there is none that is whole. */
export async function readSummary(
  folder: FileSystemDirectoryHandle,
): Promise<DownloadSummary | null> {
  const texts = await Promise.all(DOWNLOAD_FILES.summaries.map((name) => readText(folder, name)));
  const summaries = texts.flatMap((text) => (text === null ? [] : (parseSummary(text) ?? [])));
  return summaries.toSorted((one, other) => other.revision - one.revision)[0] ?? null;
}

/** The plan of a kept download; null where it is missing or damaged. */
export async function readPlan(folder: FileSystemDirectoryHandle): Promise<DownloadPlan | null> {
  const text = await readText(folder, DOWNLOAD_FILES.plan);
  return text === null ? null : parsePlan(text);
}

/** How many bytes a kept download has, and when it got the last of them (milliseconds since 1970), as its journal's end says. */
export async function readKeptBytes(
  folder: FileSystemDirectoryHandle,
): Promise<{ readonly bytes: number; readonly touchedAt: number }> {
  const file = await openFile(folder, DOWNLOAD_FILES.journal);
  if (file === null) return { bytes: 0, touchedAt: 0 };
  const whole = file.size - (file.size % JOURNAL_RECORD_BYTES);
  const tail = file.slice(Math.max(0, whole - JOURNAL_TAIL_BYTES), whole);
  try {
    const bytes = new Uint8Array(await tail.arrayBuffer());
    const { keptBytes } = decodeJournal(bytes, Number.POSITIVE_INFINITY);
    return { bytes: keptBytes, touchedAt: file.lastModified };
  } catch {
    // Another page wrote on while it was read.
    return { bytes: 0, touchedAt: file.lastModified };
  }
}

async function readText(folder: FileSystemDirectoryHandle, name: string): Promise<string | null> {
  const file = await openFile(folder, name);
  return file === null ? null : await file.text().catch(() => null);
}

/** Null where it is not there, or where another page is writing it. */
async function openFile(folder: FileSystemDirectoryHandle, name: string): Promise<File | null> {
  try {
    return await (await folder.getFileHandle(name)).getFile();
  } catch {
    return null;
  }
}
