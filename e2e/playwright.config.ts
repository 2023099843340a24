import { defineConfig } from 'playwright/test';
import { browserLaunchOptions } from '../scripts/browser-launch-options.ts';

const MINUTE_MS = 60_000;

export default defineConfig({
  testDir: 'specs',
  outputDir: '../test-results/e2e',
  // Limits that end what hangs. A machine may carry a fourth of what another one does, and no test is to fail for that.
  timeout: 4 * MINUTE_MS,
  globalTimeout: 60 * MINUTE_MS,
  expect: { timeout: 20_000 },
  fullyParallel: true,
  // A transfer keeps two processors busy by itself: two at once take longer than one after the other.
  workers: 1,
  retries: 0,
  forbidOnly: Boolean(process.env['CI']),
  reporter: [['list'], ['json', { outputFile: '../test-results/e2e.json' }]],
  use: {
    browserName: 'chromium',
    launchOptions: await browserLaunchOptions(),
    actionTimeout: 20_000,
    navigationTimeout: 30_000,
    // A trace takes a third of the time of a run: ask for one with --trace retain-on-failure.
    trace: 'off',
    screenshot: 'only-on-failure',
  },
});
