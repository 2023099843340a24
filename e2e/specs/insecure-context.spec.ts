import { expect, test } from '../fixtures/test.ts';

// Chromium's own words on a header that counts only over https.
test.use({ expectedProblems: /console: The Cross-Origin-Opener-Policy header has been ignored/ });

const PATHS = [
  ['sending', '/'],
  ['receiving', `/#${'A'.repeat(22)}`],
] as const;

for (const [page, path] of PATHS) {
  test(`the ${page} page over plain http from elsewhere says how to mend it`, async ({
    launchBrowser,
    site,
  }) => {
    const browser = await launchBrowser('--host-resolver-rules=MAP onehop.test 127.0.0.1');
    const tab = await browser.newPage();
    await tab.goto(`http://onehop.test:${site.port}${path}`);
    await expect(tab.getByRole('alert')).toHaveAttribute('data-code', 'insecure-context');
    await expect(tab.getByRole('alert')).toContainText('--https');
    await expect(tab.getByRole('main')).toHaveAttribute('data-state', 'failed');
  });
}
