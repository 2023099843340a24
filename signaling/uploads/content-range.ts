import { UploadError } from './upload-error.ts';

/** Bytes from `first` to `last`, both of them included. */
export interface ContentRange {
  readonly first: number;
  readonly last: number;
}

/**
 * The one range of a `Range` header, which must name both its ends (RFC 9110, section 14).
 *
 * @throws UploadError `bad-request` when there is none or more than one, `range-invalid` when it is not within `length`
 */
export function readRange(header: string | undefined, length: number): ContentRange {
  const match = /^bytes=(\d{1,16})-(\d{1,16})$/.exec(header ?? '');
  if (match === null) throw new UploadError('bad-request');
  const [first, last] = [Number(match[1]), Number(match[2])];
  if (first > last || last >= length) throw new UploadError('range-invalid');
  return { first, last };
}
