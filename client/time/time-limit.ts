import type { ErrorReason } from '../errors/error-reason.ts';
import { OnehopError } from '../errors/onehop-error.ts';

/** `work`, or a OnehopError with `reason` if it takes longer than `ms` milliseconds. */
export async function limitTime<Value>(
  work: Promise<Value>,
  ms: number,
  reason: ErrorReason,
): Promise<Value> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new OnehopError(reason)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
