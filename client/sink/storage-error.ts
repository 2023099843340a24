import { OnehopError } from '../errors/onehop-error.ts';

/** What went wrong in a file system: `storage-full` and `folder-refused` where that is it, else `storage-failed`. */
export function storageError(cause: unknown): OnehopError {
  if (cause instanceof OnehopError) return cause;
  const name = cause instanceof DOMException ? cause.name : '';
  if (name === 'QuotaExceededError') return new OnehopError('storage-full', { cause });
  return new OnehopError(name === 'NotAllowedError' ? 'folder-refused' : 'storage-failed', {
    cause,
  });
}
