import { createHash } from 'node:crypto';
import { mkdir, rm, rmdir, stat } from 'node:fs/promises';
import { type Server, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import * as v from 'valibot';

/** A socket's path has 104 to 108 bytes at most, depending on the system, with the 0 at its end. */
const MAX_SOCKET_PATH_BYTES = 100;
const LOOK_MS = 20;
const GIVE_UP_MS = 10_000;
/** A turn that lasts longer is one of a process that was killed in it. */
const TURN_MS = 5_000;

const systemErrorSchema = v.looseObject({ code: v.string() });
/** What a connection fails with where nobody listens. */
const NOBODY: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ENOENT', 'ENOTSOCK']);

/** Another process has the folder. */
export class FolderInUseError extends Error {
  override readonly name = 'FolderInUseError';
}

/**
 * Keeps a folder for one process: a socket beside it that this process listens on. The system ends that with the process,
 * however it ends, so a lock that is left behind is known by nobody answering.
 */
export class FolderLock {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  /**
   * Where the file system of the folder has no sockets, the lock is in the system's folder for temporary files.
   * @throws FolderInUseError while another process on this machine has it
   */
  static async take(folder: string): Promise<FolderLock> {
    const [beside, elsewhere] = socketAddresses(folder);
    try {
      return await FolderLock.#takeAt(beside);
    } catch (thrown) {
      if (thrown instanceof FolderInUseError || beside === elsewhere) throw thrown;
      return await FolderLock.#takeAt(elsewhere);
    }
  }

  static async #takeAt(address: string): Promise<FolderLock> {
    const giveUpAt = performance.now() + GIVE_UP_MS;
    while (performance.now() < giveUpAt) {
      const server = (await listenOn(address)) ?? (await takeOver(address));
      if (server !== null) return new FolderLock(server);
      if (await answers(address)) break;
      await delay(LOOK_MS);
    }
    throw new FolderInUseError();
  }

  /** Gives the folder free. */
  async release(): Promise<void> {
    await new Promise<void>((done) => {
      this.#server.close(() => done());
    });
  }
}

/** Beside the folder where that is short enough, and where else. */
function socketAddresses(folder: string): readonly [string, string] {
  const beside = `${resolve(folder)}.lock`;
  const name = `onehop-${createHash('sha256').update(resolve(folder)).digest('hex').slice(0, 32)}`;
  const elsewhere = process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : join(tmpdir(), name);
  const isShort = Buffer.byteLength(beside) <= MAX_SOCKET_PATH_BYTES;
  return [process.platform !== 'win32' && isShort ? beside : elsewhere, elsewhere];
}

/** @returns null where something is at this address */
function listenOn(address: string): Promise<Server | null> {
  const server = createServer((socket) => socket.destroy());
  return new Promise((done, fail) => {
    server.once('error', (error) => {
      if (codeOf(error) === 'EADDRINUSE') done(null);
      else fail(error);
    });
    server.listen(address, () => done(server.unref()));
  });
}

/** Whether somebody listens there; who may not be asked is there. */
function answers(address: string): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(address);
    socket.once('connect', () => {
      socket.destroy();
      done(true);
    });
    socket.once('error', (error) => done(!NOBODY.has(codeOf(error))));
  });
}

/** Puts a socket in the place of one that nobody listens on. Only one process does so at a time. @returns null where that is not so */
async function takeOver(address: string): Promise<Server | null> {
  const turn = `${address}.turn`;
  try {
    await mkdir(turn);
  } catch {
    const { mtimeMs } = await stat(turn).catch(() => ({ mtimeMs: Date.now() }));
    if (Date.now() - mtimeMs > TURN_MS) await rmdir(turn).catch(() => {});
    return null;
  }
  try {
    if (await answers(address)) return null;
    await rm(address, { force: true });
    return await listenOn(address);
  } finally {
    await rmdir(turn);
  }
}

function codeOf(error: unknown): string {
  return v.is(systemErrorSchema, error) ? error.code : '';
}
