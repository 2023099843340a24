import { spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { countsOfPlaywright, countsOfVitest, summaryLines } from './test-counts.ts';
import { notesOfPlaywright } from './test-notes.ts';
import { type TestStep, runSteps } from './test-run.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const UNIT_REPORT = fileURLToPath(new URL('../test-results/unit.json', import.meta.url));
const E2E_REPORT = fileURLToPath(new URL('../test-results/e2e.json', import.meta.url));

async function readReport(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, 'utf8'));
}

const STEPS: readonly TestStep[] = [
  { title: 'type check', script: 'typecheck' },
  { title: 'lint and format', script: 'lint' },
  { title: 'browser', script: 'browser' },
  {
    title: 'unit and contract tests',
    script: 'test:unit',
    counts: async () => countsOfVitest(await readReport(UNIT_REPORT)),
  },
  { title: 'build', script: 'build' },
  { title: 'bundle budget', script: 'budget' },
  {
    title: 'end-to-end tests',
    script: 'test:e2e',
    counts: async () => countsOfPlaywright(await readReport(E2E_REPORT)),
  },
];

/** Runs an npm script of this project with the terminal as its own. Resolves to its exit code. */
function runScript({ title, script }: TestStep): Promise<number> {
  console.log(`\n=== ${title} (npm run ${script}) ===`);
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn('npm', ['run', '--silent', script], {
      cwd: ROOT,
      stdio: 'inherit',
      shell: process.platform === 'win32',
      // Vitest writes missing snapshots, and Playwright lets test.only pass, unless this is set.
      env: { ...process.env, CI: '1' },
    });
    child.once('error', reject);
    child.once('close', (exitCode) => {
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      console.log(`--- ${title}: ${exitCode === 0 ? 'passed' : 'failed'} after ${seconds} s`);
      resolve(exitCode ?? 1);
    });
  });
}

// A report of an earlier run must not be taken for this one's.
await Promise.all([UNIT_REPORT, E2E_REPORT].map((path) => rm(path, { force: true })));
const { counts, failedStep } = await runSteps(STEPS, runScript);
console.log(failedStep ? `\n${failedStep.title} failed, what comes after was not run` : '');
// Where the end-to-end tests did not run, or not to their end, there is no report.
const notes = await readReport(E2E_REPORT).then(notesOfPlaywright, () => []);
for (const line of [...notes, ...summaryLines(counts)]) console.log(line);
process.exitCode = failedStep ? 1 : 0;
