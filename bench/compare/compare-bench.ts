import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { withTemporaryFolder } from '../../e2e/support/temporary-folder.ts';
import { browserLaunchOptions } from '../../scripts/browser-launch-options.ts';
import { Inputs } from '../files/inputs.ts';
import { labMeans } from '../links/open-lab.ts';
import { describeMachine } from '../report/machine.ts';
import { type CompareOptions, sizesOf } from './compare-options.ts';
import { lineOfComparison, lineOfCrowd } from './compare-lines.ts';
import { measureComparison, measureCrowd, withScene } from './measure-compare.ts';
import type { ComparedSize, CrowdRun } from './measured.ts';
import { compareTables } from './compare-markdown.ts';
import { writeCompareResults } from './write-compare-results.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** `npm run bench -- compare`: has two browsers compare by the built page, and several receive at once. */
export async function benchCompare(options: CompareOptions): Promise<void> {
  const launch = await browserLaunchOptions();
  const head = {
    machine: await describeMachine(launch.executablePath, ROOT),
    means: await labMeans(),
    profiles: options.profiles,
  };
  const compared: ComparedSize[] = [];
  const crowds: CrowdRun[] = [];
  const keep = async (): Promise<void> => {
    if (options.output === null) return;
    await writeCompareResults(path.resolve(ROOT, options.output), { ...head, compared, crowds });
  };
  await withTemporaryFolder(os.tmpdir(), async (folder) => {
    const inputs = new Inputs(folder);
    for (const profile of options.profiles) {
      console.log(`\n${profile.id}: ${profile.title}`);
      await withScene({ folder, options: launch }, profile, async (scene) => {
        for (const bytes of sizesOf(profile, options)) {
          const one = await measureComparison(scene, bytes, options.rounds);
          compared.push(one);
          console.log(lineOfComparison(one));
          // What was measured stays, whatever happens to the rest.
          await keep();
        }
        if (!profile.withCrowds) return;
        const input = await inputs.get('random', options.receiversBytes);
        for (let round = 1; round <= options.receiversRounds; round += 1) {
          for (const receivers of options.receivers) {
            await measureCrowd(scene, { input, receivers, round }, (run) => {
              crowds.push(run);
              console.log(lineOfCrowd(run));
            });
            await keep();
          }
        }
      });
    }
  });
  console.log(`\n${compareTables({ ...head, compared, crowds })}`);
}
