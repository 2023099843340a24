import { fileURLToPath } from 'node:url';
import { freePort } from '../../e2e/support/free-port.ts';
import { withTemporaryFolder } from '../../e2e/support/temporary-folder.ts';
import type { Lab } from '../links/lab.ts';
import type { BrowserPair } from '../support/browser-pair.ts';
import { LineProcess } from '../support/line-process.ts';
import type { Course } from './course.ts';
import type { OnehopDetails } from './details.ts';
import type { Outcome } from './outcome.ts';

const PROGRAM = fileURLToPath(new URL('http-program.ts', import.meta.url));
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const LAB_PORT = 5002;
const START_LIMIT_MS = 20_000;

/** Where and how much. */
export interface PlainHttpPlan {
  readonly lab: Lab | null;
  readonly folder: string;
  readonly bytes: number;
  readonly limitMs: number;
}

/** Has one browser PUT bytes to a plain server and then the other one GET them: the time is that of both together. */
export async function transferByPlainHttp(
  { sender, receiver }: BrowserPair,
  { lab, folder, bytes, limitMs }: PlainHttpPlan,
  course: Course,
): Promise<Outcome & Partial<OnehopDetails>> {
  const address = lab?.addressOf('hub') ?? '127.0.0.1';
  const port = lab === null ? await freePort() : LAB_PORT;
  return await withTemporaryFolder(folder, async (kept) => {
    const words = [...(lab?.commandIn('hub') ?? []), process.execPath, '--import', 'tsx', PROGRAM];
    const server = new LineProcess([...words, address, String(port), kept], ROOT);
    try {
      await server.nextLine(START_LIMIT_MS);
      const [sending, receiving] = [await sender.openPage(), await receiver.openPage()];
      for (const page of [sending, receiving]) await page.goto(`http://${address}:${port}/`);
      await course.onReady();
      course.onBegun();
      const up = await sending.evaluate(putBytes, { bytes, limitMs });
      const down = await receiving.evaluate(getBytes, limitMs);
      await course.onEnded();
      return { type: 'whole', bytes, seconds: up + down, halves: { up, down, lag: null } };
    } finally {
      await server.kill();
    }
  });
}

/** Runs in the sending page. Resolves to the seconds that it took. */
async function putBytes({ bytes, limitMs }: { bytes: number; limitMs: number }): Promise<number> {
  const part = crypto.getRandomValues(new Uint8Array(65_536));
  const parts = Array.from({ length: Math.ceil(bytes / part.length) }, () => part);
  const body = new Blob(parts).slice(0, bytes);
  const begun = performance.now();
  await fetch('/bytes', { method: 'PUT', body, signal: AbortSignal.timeout(limitMs) });
  return (performance.now() - begun) / 1000;
}

/** Runs in the receiving page, which counts the bytes and lets them go. */
async function getBytes(limitMs: number): Promise<number> {
  const begun = performance.now();
  const response = await fetch('/bytes', { signal: AbortSignal.timeout(limitMs) });
  const reader = response.body?.getReader();
  for (let read = await reader?.read(); read?.done === false; read = await reader?.read());
  return (performance.now() - begun) / 1000;
}
