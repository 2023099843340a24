import { fileURLToPath } from 'node:url';
import { playwright } from '@vitest/browser-playwright';
import { type ViteUserConfig, defineConfig } from 'vitest/config';
import { browserLaunchOptions } from './scripts/browser-launch-options.ts';

/** A busy machine is slow, and slow is not wrong. */
const testTimeout = 60_000;

const browserTests = 'client/**/*.browser.test.ts';

export default defineConfig(async (): Promise<ViteUserConfig> => ({
  root: fileURLToPath(new URL('.', import.meta.url)),
  test: {
    reporters: ['default', ['json', { outputFile: 'test-results/unit.json' }]],
    projects: [
      {
        test: {
          testTimeout,
          name: 'signaling',
          environment: 'node',
          include: ['signaling/**/*.test.ts'],
        },
      },
      {
        test: {
          testTimeout,
          name: 'scripts',
          environment: 'node',
          include: ['scripts/**/*.test.ts', 'e2e/support/**/*.test.ts', 'bench/**/*.test.ts'],
        },
      },
      {
        test: {
          testTimeout,
          name: 'client',
          environment: 'node',
          include: ['client/**/*.test.{ts,tsx}'],
          exclude: [browserTests],
        },
      },
      {
        optimizeDeps: {
          include: [
            'simple-peer/simplepeer.min.js',
            'valibot',
            'idb-keyval',
            'client-zip',
            'fast-check',
            'uplot',
          ],
        },
        test: {
          testTimeout,
          name: 'browser',
          include: [browserTests],
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({ launchOptions: await browserLaunchOptions() }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
}));
