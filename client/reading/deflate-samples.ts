/** A file up to this size is tried whole: a sample would cost as much. */
export const UNSAMPLED_BYTES = 64 * 1024;

const SAMPLES = 3;
const SMALLEST_SAMPLE_BYTES = 8 * 1024;
const LARGEST_SAMPLE_BYTES = 64 * 1024;
/** All samples together are at most about this part of a file of a few pieces. */
const SAMPLED_PART = 1 / 40;

/** The parts of a file to look at, from byte to byte: a few, spread from its beginning to its end. */
export function samplesOf(size: number): readonly (readonly [start: number, end: number])[] {
  const share = Math.floor((size * SAMPLED_PART) / SAMPLES);
  const length = Math.min(LARGEST_SAMPLE_BYTES, Math.max(SMALLEST_SAMPLE_BYTES, share));
  return Array.from({ length: SAMPLES }, (_, index) => {
    const start = Math.floor(((size - length) * index) / (SAMPLES - 1));
    return [Math.max(0, start), Math.min(size, start + length)] as const;
  });
}

/** Files that are compressed by what they are: they are not even sampled. */
const COMPRESSED_TYPE =
  /^(?:video\/|image\/(?:jpeg|png|gif|webp|avif|heic)|audio\/(?:mpeg|mp4|aac|ogg|opus|flac|webm))/;
const COMPRESSED_NAME =
  /\.(?:jpe?g|png|gif|webp|avif|heic|mp[34]|m4[av]|mkv|mov|webm|aac|og[gv]|opus|flac|zip|t?gz|bz2|xz|zst|br|7z|rar|docx|xlsx|pptx|odt|ods|jar|apk|woff2?)$/i;

/** Whether a file is known to be compressed already, by its media type or its name. */
export function isCompressed({
  path,
  type,
}: {
  readonly path: string;
  readonly type: string;
}): boolean {
  return COMPRESSED_TYPE.test(type) || COMPRESSED_NAME.test(path);
}
