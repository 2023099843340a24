import { createHash, randomBytes } from 'node:crypto';
import { link, rename, rm } from 'node:fs/promises';
import { type Server, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import * as v from 'valibot';

/** A socket's path has 104 to 108 bytes, depending on the system, with the 0 at its end. */
const MAX_SOCKET_PATH_BYTES = 100;
const ATTEMPTS = 5;

const inUseSchema = v.looseObject({ code: v.literal('EADDRINUSE') });

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

  /** @throws FolderInUseError while another process on this machine has it */
  static async take(folder: string): Promise<FolderLock> {
    const address = socketAddress(folder);
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const server = await listenOn(address);
      if (server !== null) return new FolderLock(server);
      if (await answers(address)) break;
      await clearAway(address);
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

function socketAddress(folder: string): string {
  const beside = `${resolve(folder)}.lock`;
  const name = `onehop-${createHash('sha256').update(resolve(folder)).digest('hex').slice(0, 32)}`;
  if (process.platform === 'win32') return `\\\\.\\pipe\\${name}`;
  return Buffer.byteLength(beside) <= MAX_SOCKET_PATH_BYTES ? beside : join(tmpdir(), name);
}

/** @returns null where something is at this address */
function listenOn(address: string): Promise<Server | null> {
  const server = createServer((socket) => socket.destroy());
  return new Promise((done, fail) => {
    server.once('error', (error) => {
      if (v.is(inUseSchema, error)) done(null);
      else fail(error);
    });
    server.listen(address, () => done(server.unref()));
  });
}

function answers(address: string): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(address);
    socket.once('connect', () => {
      socket.destroy();
      done(true);
    });
    socket.once('error', () => done(false));
  });
}

/** Only one of several that start at once gets the old socket out of the way; a new one that it took by mistake goes back. */
async function clearAway(address: string): Promise<void> {
  const aside = `${address}.${randomBytes(6).toString('hex')}`;
  try {
    await rename(address, aside);
  } catch {
    // Another one was faster, and listens or is about to.
    return;
  }
  if (await answers(aside)) await link(aside, address).catch(() => {});
  await rm(aside, { force: true });
}
