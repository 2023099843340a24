import { OnehopError } from './errors/onehop-error.ts';

/** A part of the page's scripts. @throws {OnehopError} `script-missing` where it cannot be loaded */
export async function loadScript<Part>(part: Promise<Part>): Promise<Part> {
  return part.catch((cause: unknown) => {
    throw new OnehopError('script-missing', { cause });
  });
}
