const lockName = (id: string) => `onehop/sent/${id}`;

/** How long the page before may take to let go after a reload, in milliseconds. */
const LOCK_WAIT_MS = 3_000;

/** A share that is kept by no other page than this: a Web Lock goes with its page, however that ends. */
export interface ShareLock {
  release(): void;
}

/** Takes a kept share for this page, as soon as the page before has let go; null where another page has it. */
export async function takeShareLock(id: string): Promise<ShareLock | null> {
  return await new Promise((resolve) => {
    const signal = AbortSignal.timeout(LOCK_WAIT_MS);
    navigator.locks
      .request(
        lockName(id),
        { signal },
        () =>
          new Promise<void>((release) => {
            resolve({ release });
          }),
      )
      .catch(() => resolve(null));
  });
}

/** Does something to a kept share that no page has. @returns null where one has it */
export async function ifUnlocked<Value>(
  id: string,
  act: () => Promise<Value>,
): Promise<Value | null> {
  return await navigator.locks.request(lockName(id), { ifAvailable: true }, async (lock) =>
    lock === null ? null : await act(),
  );
}
