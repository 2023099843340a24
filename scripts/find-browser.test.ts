import { describe, expect, it } from 'vitest';
import { endsWith, fakeMachine } from './fake-machine.ts';
import { ChromiumPathError, findBrowser } from './find-browser.ts';

const chrome = endsWith(0, 'Google Chrome 150.0.1.2 \n');
const chromium = endsWith(0, 'Chromium 156.0.8078.79 built on Debian GNU/Linux 12 (bookworm)\n');
const broken = endsWith(127, 'error while loading shared libraries: libnss3.so');

describe('findBrowser', () => {
  it('takes CHROMIUM_PATH before anything that is installed', async () => {
    const machine = fakeMachine(
      { env: { PATH: '/bin', CHROMIUM_PATH: '/own/chrome' } },
      { '/own/chrome': chromium, '/bin/google-chrome': chrome },
    );
    expect(await findBrowser(machine)).toEqual({
      path: '/own/chrome',
      version: 'Chromium 156.0.8078.79',
    });
  });

  it('fails on a CHROMIUM_PATH that does not run, and tries nothing else', async () => {
    const machine = fakeMachine(
      { env: { PATH: '/bin', CHROMIUM_PATH: '/own/chrome' } },
      { '/own/chrome': broken, '/bin/google-chrome': chrome },
    );
    const search = findBrowser(machine);
    await expect(search).rejects.toThrow(ChromiumPathError);
    await expect(search).rejects.toThrow(/"\/own\/chrome".*libnss3/);
    expect(machine.calls).toHaveLength(1);
  });

  it('fails on a CHROMIUM_PATH that runs but is no browser', async () => {
    const machine = fakeMachine(
      { env: { CHROMIUM_PATH: '/bin/true' } },
      { '/bin/true': endsWith(0, 'true (GNU coreutils) 9.1') },
    );
    await expect(findBrowser(machine)).rejects.toThrow(/coreutils/);
  });

  it('takes an installed browser before the one of Playwright', async () => {
    const machine = fakeMachine({}, { '/bin/chromium': chromium, '/playwright/chrome': chrome });
    expect((await findBrowser(machine))?.path).toBe('/bin/chromium');
  });

  it('passes over an installed browser that does not run', async () => {
    const machine = fakeMachine({}, { '/bin/google-chrome': broken, '/bin/chromium': chromium });
    expect((await findBrowser(machine))?.path).toBe('/bin/chromium');
  });

  it('passes over a browser that says its version and then fails', async () => {
    const crashes = endsWith(1, 'Google Chrome 150.0.1.2');
    const machine = fakeMachine({}, { '/bin/google-chrome': crashes });
    expect(await findBrowser(machine)).toBeNull();
  });

  it('takes the one of Playwright where none is installed', async () => {
    const machine = fakeMachine({}, { '/playwright/chrome': chrome });
    expect(await findBrowser(machine)).toEqual({
      path: '/playwright/chrome',
      version: 'Google Chrome 150.0.1.2',
    });
  });

  it('finds nothing on a machine without a browser, and runs nothing', async () => {
    const machine = fakeMachine({}, {});
    expect(await findBrowser(machine)).toBeNull();
    expect(machine.calls).toEqual([]);
  });

  it('opens an empty page on Windows, where the browser prints no version', async () => {
    const path = 'C:\\Programs\\Google\\Chrome\\Application\\chrome.exe';
    const machine = fakeMachine(
      { platform: 'win32', env: { PROGRAMFILES: 'C:\\Programs' } },
      { [path]: endsWith(0, '<html></html>') },
    );
    expect((await findBrowser(machine))?.path).toBe(path);
    expect(machine.calls[0]?.args).not.toContain('--version');
  });
});
