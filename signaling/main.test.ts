import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { makeSiteFolder, startTestServer } from './testing/test-server.ts';

const projectFolder = fileURLToPath(new URL('..', import.meta.url));
const children: ChildProcess[] = [];
let site: string;
let data: string;

beforeAll(async () => {
  site = await makeSiteFolder();
  data = await mkdtemp(join(tmpdir(), 'onehop-data-'));
});

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

afterAll(async () => {
  await Promise.all([rm(site, { recursive: true }), rm(data, { recursive: true })]);
});

function start(args: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'signaling/main.ts', ...args], {
    cwd: projectFolder,
    env: { PATH: '/usr/bin', PORT: '0', SITE_DIR: site, DATA_DIR: data, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  const exit = once(child, 'exit');
  const errors = text(child.stderr);
  return {
    child,
    errors,
    exitCode: async (): Promise<unknown> => (await exit)[0],
    address: () => printedAddress(child.stdout),
  };
}

/** Resolves with the address, once it is printed. */
async function printedAddress(output: NodeJS.ReadableStream): Promise<string> {
  let printed = '';
  for await (const chunk of output) {
    printed += String(chunk);
    const address = /^Onehop is at (\S+)\n/.exec(printed)?.[1];
    if (address !== undefined) return address;
  }
  throw new Error(`it printed no address: ${printed}`);
}

describe('main', { timeout: 30_000 }, () => {
  test.each([['SIGINT'], ['SIGTERM']] as const)(
    'prints its address, answers there, and ends cleanly on %s',
    async (signal) => {
      const { child, address, exitCode, errors } = start();
      const url = await address();
      expect(url).toMatch(/^http:\/\/localhost:\d+$/);
      expect(await (await fetch(`${url}/healthz`)).json()).toMatchObject({ ok: true });
      child.kill(signal);
      expect(await exitCode()).toBe(0);
      expect(await errors).toBe('');
    },
  );

  test('serves https with a certificate that it makes', async () => {
    const { address } = start(['--https']);
    const url = await address();
    expect(url).toMatch(/^https:\/\/localhost:\d+$/);
    // The certificate is nobody's but this server's; what matters here is that TLS is spoken.
    const request = get(`${url}/healthz`, { rejectUnauthorized: false, agent: false });
    const [response] = await once(request, 'response');
    expect(JSON.parse(await text(response))).toMatchObject({ ok: true });
  });

  test('--help says how it is used', async () => {
    const { child, exitCode } = start(['--help']);
    expect(await text(child.stdout)).toContain('--https');
    expect(await exitCode()).toBe(0);
  });

  test('says in one line that the port is in use', async () => {
    const other = await startTestServer();
    const { errors, exitCode } = start([], { PORT: `${other.port}`, HOST: '127.0.0.1' });
    expect(await errors).toBe(`Port ${other.port} is in use. Choose another one with PORT.\n`);
    expect(await exitCode()).toBe(1);
    await other.stop();
  });

  test.each([
    ['a wrong setting', [], { PORT: 'x' }, 'PORT must be a whole number from 0 to 65535'],
    ['an unknown option', ['--htps'], {}, 'Unknown option "--htps". --help lists the options.'],
    ['no pages', [], { SITE_DIR: '/nowhere' }, 'The pages are not built yet: npm run build'],
    ['no certificate', [], { TLS_KEY: 'key' }, 'TLS_CERT must be set too, since TLS_KEY is'],
  ])('says in one line what is wrong: %s', async (_, args, env, line) => {
    const { errors, exitCode } = start(args, env);
    expect(await errors).toBe(`${line}\n`);
    expect(await exitCode()).toBe(1);
  });
});
