import { describe, expect, it } from 'vitest';
import { type FakeMachine, endsWith, fakeMachine } from './fake-machine.ts';
import { FirefoxPathError, findFirefox, getFirefox } from './find-firefox.ts';

const firefox = endsWith(0, 'Mozilla Firefox 153.7.0esr\n');
const found = { path: '/bin/firefox', version: 'Mozilla Firefox 153.7.0esr' };
const stub = endsWith(1, 'requires the firefox snap to be installed');

describe('findFirefox', () => {
  it('takes an installed one that runs, and passes over one that does not', async () => {
    expect(await findFirefox(fakeMachine({}, { '/bin/firefox': firefox }))).toEqual(found);
    const machine = fakeMachine({}, { '/bin/firefox': stub, '/bin/firefox-esr': firefox });
    expect((await findFirefox(machine))?.path).toBe('/bin/firefox-esr');
    const crashes = endsWith(1, 'Mozilla Firefox 153.7.0esr\n');
    expect(await findFirefox(fakeMachine({}, { '/bin/firefox': crashes }))).toBeNull();
  });

  it('takes FIREFOX_PATH before anything that is installed', async () => {
    const env = { PATH: '/bin', FIREFOX_PATH: '/own/firefox' };
    const machine = fakeMachine({ env }, { '/own/firefox': firefox, '/bin/firefox': firefox });
    expect((await findFirefox(machine))?.path).toBe('/own/firefox');
  });

  it('fails on a FIREFOX_PATH that does not run or is no Firefox', async () => {
    const env = { PATH: '/bin', FIREFOX_PATH: '/own/firefox' };
    const programs = { '/bin/firefox': firefox };
    const broken = fakeMachine({ env }, { ...programs, '/own/firefox': stub });
    await expect(findFirefox(broken)).rejects.toThrow(FirefoxPathError);
    const other = fakeMachine({ env }, { ...programs, '/own/firefox': endsWith(0, 'Chromium 1') });
    await expect(findFirefox(other)).rejects.toThrow(/Chromium 1/);
  });

  it('knows where the installers of macOS and Windows put it', async () => {
    const mac = '/Applications/Firefox.app/Contents/MacOS/firefox';
    const onMac = fakeMachine({ platform: 'darwin' }, { [mac]: firefox });
    expect((await findFirefox(onMac))?.path).toBe(mac);
    const windows = 'C:\\Programs\\Mozilla Firefox\\firefox.exe';
    const env = { PROGRAMFILES: 'C:\\Programs' };
    const onWindows = fakeMachine({ platform: 'win32', env }, { [windows]: firefox });
    expect((await findFirefox(onWindows))?.path).toBe(windows);
  });
});

describe('getFirefox', () => {
  it('installs nothing where one is found', async () => {
    const machine = fakeMachine({ isRoot: true }, { '/bin/firefox': firefox });
    expect(await getFirefox(machine)).toEqual({ type: 'found', firefox: found });
    expect(machine.calls).toHaveLength(1);
  });

  it('installs the package firefox-esr as root', async () => {
    const machine: FakeMachine = fakeMachine({ isRoot: true }, { '/bin/apt-get': firefox });
    machine.programs.set('apt-get', ({ args }) => {
      if (args.includes('firefox-esr')) machine.programs.set('/bin/firefox', firefox);
      return { exitCode: 0, output: '' };
    });
    expect(await getFirefox(machine)).toEqual({ type: 'installed', firefox: found });
  });

  it('says why there is none, and does not fail', async () => {
    const user = fakeMachine({}, { '/bin/apt-get': firefox });
    expect(await getFirefox(user)).toEqual({
      type: 'missing',
      reason: 'only root may install the package firefox-esr with apt-get',
    });
    const offline = fakeMachine(
      { isRoot: true },
      { '/bin/apt-get': firefox, 'apt-get': endsWith(100, 'E: Unable to locate package') },
    );
    expect(await getFirefox(offline)).toMatchObject({
      reason: expect.stringMatching(/Unable to locate/),
    });
    const stubbed = fakeMachine(
      { isRoot: true },
      { '/bin/apt-get': firefox, 'apt-get': endsWith(0, ''), '/bin/firefox': stub },
    );
    expect(await getFirefox(stubbed)).toMatchObject({
      reason: expect.stringMatching(/does not run here/),
    });
  });
});
