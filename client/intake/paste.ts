import { type DraggedItem, type Dropped, collectDropped } from './dropped.ts';

/**
 * Hears pastes of files, folders and images on `target`; a paste of text is left to the browser.
 * `now` names pasted images. Ends when `signal` aborts.
 */
export function watchPastes(
  target: Document,
  onPaste: (pasted: readonly Dropped[]) => void,
  now: () => Date,
  signal: AbortSignal,
): void {
  const listener = (event: ClipboardEvent) => {
    if (event.clipboardData === null) return;
    const pasted = readPaste(event.clipboardData, now());
    if (pasted.length === 0) return;
    event.preventDefault();
    onPaste(pasted);
  };
  target.addEventListener('paste', listener, { signal });
}

/** What is needed of a paste's DataTransfer. */
interface Pasted {
  readonly types: readonly string[];
  readonly items: Iterable<DraggedItem>;
}

/**
 * The files and folders of a paste. An image that was copied as pixels has no name of its own (browsers call it
 * `image.png`), so it is named after the time; several in one paste are numbered.
 * Office programs put a picture of copied text beside the text: that picture is left out.
 */
export function readPaste(data: Pasted, now: Date): readonly Dropped[] {
  const isText = data.types.includes('text/plain');
  let images = 0;
  return collectDropped(data.items).flatMap((item): Dropped[] => {
    if (item.type !== 'file' || !isPixelImage(item.file, now)) return [item];
    if (isText) return [];
    images += 1;
    return [{ type: 'file', file: namedAfterTime(item.file, now, images) }];
  });
}

const PIXEL_IMAGE_NAME = /^image\.(?<extension>[a-z0-9]+)$/;

/** How long ago, in milliseconds, the browser may have made the file of a pasted image. */
const FRESH_MS = 10_000;

/** A real file called image.png, copied in a file manager, keeps its older date; a pasted image is made just now. */
function isPixelImage(file: File, now: Date): boolean {
  const age = Math.abs(now.getTime() - file.lastModified);
  return file.type.startsWith('image/') && PIXEL_IMAGE_NAME.test(file.name) && age <= FRESH_MS;
}

function namedAfterTime(file: File, now: Date, number: number): File {
  const extension = PIXEL_IMAGE_NAME.exec(file.name)?.groups?.['extension'] ?? 'png';
  const suffix = number > 1 ? ` (${number})` : '';
  const name = `Pasted image ${localTime(now)}${suffix}.${extension}`;
  return new File([file], name, { type: file.type, lastModified: file.lastModified });
}

/** Like `2025-03-09 14.05.07`, in local time; colons are not allowed in file names everywhere. */
function localTime(time: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const date = [time.getFullYear(), two(time.getMonth() + 1), two(time.getDate())].join('-');
  const clock = [two(time.getHours()), two(time.getMinutes()), two(time.getSeconds())].join('.');
  return `${date} ${clock}`;
}
