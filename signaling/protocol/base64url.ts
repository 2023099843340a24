import * as v from 'valibot';

/** The schema of exactly `bytes` bytes in base64url without padding (RFC 4648, section 5). */
export const base64url = (bytes: number) =>
  v.pipe(v.string(), v.regex(new RegExp(`^[A-Za-z0-9_-]{${Math.ceil((bytes * 4) / 3)}}$`)));
