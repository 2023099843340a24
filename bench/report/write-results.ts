import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Profile } from '../profiles.ts';
import type { Run } from '../run.ts';
import { type GoalResult, judge } from './goals.ts';
import type { Machine } from './machine.ts';
import { markdownPage } from './markdown.ts';
import { picture } from './picture.ts';
import { samplingCosts } from './sampling.ts';
import { summarize } from './summary.ts';

/** Everything that a benchmark measured. */
export interface Measurements {
  readonly machine: Machine;
  /** what emulated the lines */
  readonly means: string;
  readonly profiles: readonly Profile[];
  readonly runs: readonly Run[];
}

/** The digits behind the point that JSON keeps. */
const PRECISION = 1e4;

/** Writes `results.json`, `results.md` and `results.svg` into a folder, which is made if need be. */
export async function writeResults(folder: string, measurements: Measurements): Promise<void> {
  const { machine, means, profiles, runs } = measurements;
  const summaries = summarize(profiles, runs);
  const sampling = samplingCosts(profiles, runs);
  const { processors, processor, browser, congestionControl } = machine;
  const caption = `${machine.date.slice(0, 10)}. ${processors} processors (${processor}), ${browser}. TCP with ${congestionControl}.`;
  await mkdir(folder, { recursive: true });
  const page = markdownPage({ machine, means, summaries, sampling });
  await writeFile(path.join(folder, 'results.md'), page);
  await writeFile(path.join(folder, 'results.svg'), picture(summaries, caption));
  const goals = judge(summaries, sampling);
  await writeFile(path.join(folder, 'results.json'), resultsJson(measurements, goals));
}

/** A run to a line, so that two results can be compared by eye. */
function resultsJson(
  { machine, means, profiles, runs }: Measurements,
  results: readonly GoalResult[],
): string {
  const goals = results.map(({ goal: { title, sense, wanted }, measured, met }) => ({
    goal: title,
    sense,
    wanted,
    measured,
    met,
  }));
  const head = JSON.stringify({ machine, means, goals, profiles }, shorten, 2);
  const lines = runs.map((run) => `    ${JSON.stringify(run, shorten)}`);
  return `${head.slice(0, -2)},\n  "runs": [\n${lines.join(',\n')}\n  ]\n}\n`;
}

function shorten(_: string, value: unknown): unknown {
  return typeof value === 'number' ? Math.round(value * PRECISION) / PRECISION : value;
}
