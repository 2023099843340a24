import { defineConfig } from 'playwright/test';
import { browserLaunchOptions } from '../scripts/browser-launch-options.ts';

const MINUTE_MS = 60_000;

export default defineConfig({
  testDir: 'specs',
  outputDir: '../test-results/e2e',
  timeout: MINUTE_MS,
  globalTimeout: 20 * MINUTE_MS,
  expect: { timeout: 10_000 },
  fullyParallel: true,
  workers: 2,
  retries: 0,
  forbidOnly: Boolean(process.env['CI']),
  reporter: [['list'], ['json', { outputFile: '../test-results/e2e.json' }]],
  use: {
    browserName: 'chromium',
    launchOptions: await browserLaunchOptions(),
    actionTimeout: 10_000,
    navigationTimeout: 15_000,
    trace: 'retain-on-failure',
  },
});
