import { ChromiumPathError } from './find-browser.ts';
import { type BrowserReport, NoBrowserError, getBrowser } from './get-browser.ts';
import { thisMachine } from './machine.ts';

const ORIGIN_WORDS: Readonly<Record<BrowserReport['origin'], string>> = {
  found: 'found',
  downloaded: 'downloaded by Playwright',
  installed: "installed from the system's packages",
};

try {
  const { browser, origin } = await getBrowser(thisMachine());
  console.log(`browser: ${browser.version}, ${ORIGIN_WORDS[origin]}, at ${browser.path}`);
} catch (error) {
  if (!(error instanceof ChromiumPathError || error instanceof NoBrowserError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
