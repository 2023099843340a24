import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import type { Lab, Place } from '../links/lab.ts';
import { LineProcess } from '../support/line-process.ts';
import type { Course } from './course.ts';
import type { Outcome } from './outcome.ts';

const PROGRAM = fileURLToPath(new URL('tcp-program.ts', import.meta.url));
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PORT = 5001;
const START_LIMIT_MS = 20_000;
/** What the programs need beside the time of the transfer, in milliseconds. */
const MARGIN_MS = 10_000;

const resultSchema = v.strictObject({ bytes: v.number(), seconds: v.number() });

/** What TCP brings where. */
export interface TcpPlan {
  readonly bytes: number;
  readonly limitMs: number;
  readonly from?: Place;
  readonly to?: Place;
}

/** Brings bytes from sender to receiver by TCP. The clock runs from the receiver's connect to its last byte. */
export async function transferByTcp(
  lab: Lab,
  { bytes, limitMs, from = 'sender', to = 'receiver' }: TcpPlan,
  course: Course,
): Promise<Outcome> {
  const address = lab.addressOf(from);
  const run = ['--import', 'tsx', PROGRAM];
  const program = (place: Place, ...words: readonly string[]): LineProcess =>
    new LineProcess([...lab.commandIn(place), process.execPath, ...run, ...words], ROOT);
  const server = program(from, 'serve', address, String(PORT), String(bytes));
  try {
    await server.nextLine(START_LIMIT_MS);
    await course.onReady();
    const client = program(to, 'fetch', address, String(PORT), String(limitMs));
    try {
      await client.nextLine(START_LIMIT_MS);
      course.onBegun();
      const result = v.parse(resultSchema, JSON.parse(await client.nextLine(limitMs + MARGIN_MS)));
      await course.onEnded();
      return { type: result.bytes === bytes ? 'whole' : 'stopped', ...result };
    } finally {
      await client.kill();
    }
  } finally {
    await server.kill();
  }
}
