import type { OpenUpload } from '../uploads/upload.ts';

/** An upload with nothing received and nobody interested, but for what the test says. */
export function openUpload(fields: Partial<OpenUpload> = {}): OpenUpload {
  return {
    type: 'open',
    id: 'AAAAAAAAAAAAAAAAAAAAAA',
    share: 'AAAAAAAAAAAAAAAAAAAAAA',
    verifier: '',
    owner: '',
    salt: 'AAAAAAAAAAAAAAAAAAAAAA',
    unit: 10,
    preface: 10,
    length: 100,
    offset: 0,
    expiresAt: Number.MAX_SAFE_INTEGER,
    downloadLimit: 0,
    downloads: 0,
    claims: [],
    ...fields,
  };
}
