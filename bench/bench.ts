import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { withTemporaryFolder } from '../e2e/support/temporary-folder.ts';
import { browserLaunchOptions } from '../scripts/browser-launch-options.ts';
import { benchCompare } from './compare/compare-bench.ts';
import { COMPARE_USAGE, readCompareOptions } from './compare/compare-options.ts';
import { Inputs } from './files/inputs.ts';
import { labMeans } from './links/open-lab.ts';
import { measureProfile } from './measure-profile.ts';
import { type BenchOptions, USAGE, readOptions } from './options.ts';
import type { Profile } from './profiles.ts';
import { describeMachine } from './report/machine.ts';
import { markdownSummary } from './report/markdown.ts';
import { lineOfRun } from './report/run-line.ts';
import { samplingCosts } from './report/sampling.ts';
import { summarize } from './report/summary.ts';
import { writeResults } from './report/write-results.ts';
import type { Run } from './run.ts';

// `npm run bench`: how long transfers take over emulated links and on this machine, beside other ways of bringing the same
// bytes across. README.md says what is measured, and how.

const ROOT = fileURLToPath(new URL('..', import.meta.url));

const [first, ...rest] = process.argv.slice(2);
if (first === 'compare') await orUsage(() => readCompareOptions(rest), COMPARE_USAGE, benchCompare);
else await orUsage(() => readOptions(process.argv.slice(2)), `${USAGE}\n${COMPARE_USAGE}`, bench);

/** Measures as the command line says, or says how it is to be. */
async function orUsage<Options>(
  read: () => Options,
  usage: string,
  measure: (options: Options) => Promise<void>,
): Promise<void> {
  let options: Options;
  try {
    options = read();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    console.error(usage);
    process.exitCode = 2;
    return;
  }
  await measure(options);
}

async function bench(options: BenchOptions): Promise<void> {
  const launch = await browserLaunchOptions();
  const machine = await describeMachine(launch.executablePath, ROOT);
  const means = await labMeans();
  const profiles = options.profiles.map((profile) => planned(profile, options));
  const runs: Run[] = [];
  const onRun = (run: Run): void => {
    runs.push(run);
    console.log(lineOfRun(run));
  };
  await withTemporaryFolder(os.tmpdir(), async (folder) => {
    const inputs = new Inputs(folder);
    for (const profile of profiles) {
      console.log(`\n${profile.id}: ${profile.title}`);
      const input = await inputs.get(profile.input, profile.bytes);
      await measureProfile({ folder, options: launch, onRun }, profile, input);
      // What was measured stays, whatever happens to the rest.
      if (options.output !== null) {
        const output = path.resolve(ROOT, options.output);
        await writeResults(output, { machine, means, profiles, runs });
      }
    }
  });
  const findings = {
    summaries: summarize(profiles, runs),
    sampling: samplingCosts(profiles, runs),
  };
  console.log(`\n${markdownSummary(findings)}`);
}

/** A profile as the command line wants it. */
function planned(profile: Profile, { bytes, runs, variants }: BenchOptions): Profile {
  return {
    ...profile,
    bytes: bytes ?? profile.bytes,
    runs: runs ?? profile.runs,
    variants: profile.variants.filter((variant) => variants.includes(variant)),
  };
}
