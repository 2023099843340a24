import { describe, expect, it } from 'vitest';
import { type FakeMachine, endsWith, fakeMachine } from './fake-machine.ts';
import { NoBrowserError, getBrowser } from './get-browser.ts';

const chromium = endsWith(0, 'Chromium 156.0.1.2');
const offline = endsWith(1, 'Error: getaddrinfo ENOTFOUND cdn.example\nFailed to install browsers');

/** The programs that were run, without their folders. */
function programsRun(machine: FakeMachine): string[] {
  return machine.calls.map(({ program, args }) =>
    [
      program === process.execPath ? 'node' : program,
      ...args.filter((arg) => !arg.includes('/')),
    ].join(' '),
  );
}

function aptGetThatInstalls(machine: () => FakeMachine) {
  return (call: { readonly args: readonly string[] }) => {
    if (call.args[0] === 'install') machine().programs.set('/bin/chromium', chromium);
    return { exitCode: 0, output: '' };
  };
}

describe('getBrowser', () => {
  it('downloads nothing where a browser is found', async () => {
    const machine = fakeMachine({}, { '/bin/chromium': chromium });
    expect((await getBrowser(machine)).origin).toBe('found');
    expect(programsRun(machine)).toEqual(['/bin/chromium --version']);
  });

  it('lets Playwright download its browser, with a bounded wait for a connection', async () => {
    const machine = fakeMachine({}, {});
    machine.programs.set(process.execPath, () => {
      machine.programs.set('/playwright/chrome', chromium);
      return { exitCode: 0, output: 'downloaded' };
    });
    const report = await getBrowser(machine);
    expect(report).toEqual({
      browser: { path: '/playwright/chrome', version: 'Chromium 156.0.1.2' },
      origin: 'downloaded',
    });
    const [download] = machine.calls;
    expect(Number(download?.env?.['PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT'])).toBeLessThan(10_000);
    expect(download?.timeLimitMs).toBeLessThanOrEqual(300_000);
  });

  it('installs the package chromium as root where the download fails', async () => {
    const machine: FakeMachine = fakeMachine(
      { isRoot: true },
      { [process.execPath]: offline, '/bin/apt-get': endsWith(0, '') },
    );
    machine.programs.set(
      'apt-get',
      aptGetThatInstalls(() => machine),
    );
    expect(await getBrowser(machine)).toEqual({
      browser: { path: '/bin/chromium', version: 'Chromium 156.0.1.2' },
      origin: 'installed',
    });
    expect(programsRun(machine)).toEqual([
      'node install --no-shell chromium',
      'apt-get update',
      'apt-get install -y --no-install-recommends chromium',
      '/bin/chromium --version',
    ]);
  });

  it('installs the package where the downloaded browser lacks system libraries', async () => {
    const machine: FakeMachine = fakeMachine(
      { isRoot: true },
      {
        [process.execPath]: endsWith(0, 'downloaded'),
        '/playwright/chrome': endsWith(127, 'libnss3.so: cannot open shared object file'),
        '/bin/apt-get': endsWith(0, ''),
      },
    );
    machine.programs.set(
      'apt-get',
      aptGetThatInstalls(() => machine),
    );
    expect((await getBrowser(machine)).origin).toBe('installed');
  });

  it('never calls apt-get for a user who is not root, and says so', async () => {
    const machine = fakeMachine(
      {},
      { [process.execPath]: offline, '/bin/apt-get': endsWith(0, '') },
    );
    const attempt = getBrowser(machine);
    await expect(attempt).rejects.toThrow(NoBrowserError);
    await expect(attempt).rejects.toThrow(/ENOTFOUND[^]*only root may[^]*CHROMIUM_PATH/);
    expect(programsRun(machine)).toEqual(['node install --no-shell chromium']);
  });

  it('says that there is no apt-get where there is none', async () => {
    const machine = fakeMachine({ isRoot: true }, { [process.execPath]: offline });
    await expect(getBrowser(machine)).rejects.toThrow(/no apt-get/);
  });

  it("gives apt-get's last words where it fails", async () => {
    const machine = fakeMachine(
      { isRoot: true },
      {
        [process.execPath]: offline,
        '/bin/apt-get': endsWith(0, ''),
        'apt-get': endsWith(
          100,
          'Reading package lists...\nE: Unable to locate package chromium\n',
        ),
      },
    );
    await expect(getBrowser(machine)).rejects.toThrow(/E: Unable to locate package chromium/);
  });

  it('fails where the installed package is a stub that does not run', async () => {
    const machine = fakeMachine(
      { isRoot: true },
      {
        [process.execPath]: offline,
        '/bin/apt-get': endsWith(0, ''),
        'apt-get': endsWith(0, ''),
        '/bin/chromium-browser': endsWith(1, 'requires the chromium snap to be installed'),
      },
    );
    await expect(getBrowser(machine)).rejects.toThrow(/does not run here/);
  });
});
