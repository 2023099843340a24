/**
 * Hears pastes of files and images on `target`; a paste of text is left to the browser.
 * `now` names pasted images. Ends when `signal` aborts.
 */
export function watchPastes(
  target: Document,
  onFiles: (files: readonly File[]) => void,
  now: () => Date,
  signal: AbortSignal,
): void {
  const listener = (event: ClipboardEvent) => {
    if (event.clipboardData === null) return;
    const files = readPaste(event.clipboardData, now());
    if (files.length === 0) return;
    event.preventDefault();
    onFiles(files);
  };
  target.addEventListener('paste', listener, { signal });
}

/** What is needed of a paste's DataTransfer. */
interface Pasted {
  readonly types: readonly string[];
  readonly items: Iterable<{ readonly kind: string; getAsFile(): File | null }>;
}

/**
 * The files of a paste. An image that was copied as pixels has no name of its own (browsers call it `image.png`),
 * so it is named after the time; several in one paste are numbered.
 * Office programs put a picture of copied text beside the text: that picture is left out.
 */
export function readPaste(data: Pasted, now: Date): readonly File[] {
  const pasted = [...data.items]
    .filter((item) => item.kind === 'file')
    .map((item) => item.getAsFile())
    .filter((file) => file !== null);
  const isText = data.types.includes('text/plain');
  let images = 0;
  return pasted.flatMap((file) => {
    if (!isPixelImage(file, now)) return [file];
    if (isText) return [];
    images += 1;
    return [namedAfterTime(file, now, images)];
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
