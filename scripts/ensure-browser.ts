import { ChromiumPathError } from './find-browser.ts';
import { type BrowserReport, NoBrowserError, getBrowser } from './get-browser.ts';
import { type FirefoxReport, FirefoxPathError, getFirefox } from './find-firefox.ts';
import { thisMachine } from './machine.ts';

const ORIGIN_WORDS: Readonly<Record<BrowserReport['origin'], string>> = {
  found: 'found',
  downloaded: 'downloaded by Playwright',
  installed: "installed from the system's packages",
};

function describeFirefox(report: FirefoxReport): string {
  if (report.type === 'missing') return `none; its tests will be skipped: ${report.reason}`;
  const { version, path } = report.firefox;
  return `${version}, ${ORIGIN_WORDS[report.type]}, at ${path}`;
}

function isExpected(error: unknown): error is Error {
  const kinds = [ChromiumPathError, NoBrowserError, FirefoxPathError];
  return kinds.some((kind) => error instanceof kind);
}

try {
  const { browser, origin } = await getBrowser(thisMachine());
  console.log(`browser: ${browser.version}, ${ORIGIN_WORDS[origin]}, at ${browser.path}`);
  console.log(`firefox: ${describeFirefox(await getFirefox(thisMachine()))}`);
} catch (error) {
  if (!isExpected(error)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
