import * as v from 'valibot';
import { UploadError } from './upload-error.ts';

const systemErrorSchema = v.looseObject({ code: v.string() });

/** The file system's error as a typed one, where pages can make something of it; any other as it is. */
export function storeError(thrown: unknown): unknown {
  if (!v.is(systemErrorSchema, thrown) || thrown instanceof UploadError) return thrown;
  switch (thrown.code) {
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return new UploadError('server-storage-full', { cause: thrown });
    case 'ENOENT':
      return new UploadError('upload-not-found', { cause: thrown });
    default:
      return thrown;
  }
}
