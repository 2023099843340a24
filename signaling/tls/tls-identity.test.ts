import { X509Certificate } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SettingsError } from '../settings.ts';
import { StartupError } from '../startup-error.ts';
import { makeCertificate } from './certificate.ts';
import { tlsIdentity } from './tls-identity.ts';

const DAY_MS = 86_400_000;
const now = new Date('2026-03-01T12:00:00Z');
const addresses = ['192.0.2.5', '2001:db8::5'];
const later = (days: number) => new Date(now.getTime() + days * DAY_MS);

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onehop-tls-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

const made = (at = now, reached = addresses) =>
  tlsIdentity({
    settings: { DATA_DIR: folder, TLS_CERT: undefined, TLS_KEY: undefined },
    addresses: reached,
    now: at,
  });
const keyPath = () => join(folder, 'tls', 'key.pem');
const certPath = () => join(folder, 'tls', 'cert.pem');

describe('a made certificate', () => {
  test('is for localhost and every address, and its key is for its owner only', async () => {
    const { cert } = await made();
    const certificate = new X509Certificate(cert);
    expect(certificate.checkHost('localhost')).toBe('localhost');
    for (const address of ['127.0.0.1', '::1', ...addresses]) {
      expect(certificate.checkIP(address)).toBe(address);
    }
    expect((await stat(keyPath())).mode & 0o777).toBe(0o600);
  });

  test('is kept', async () => {
    const first = await made();
    expect(await made(later(300))).toEqual(first);
    expect(await made(now, ['192.0.2.5'])).toEqual(first);
  });

  test('is made again when it expires within 30 days, or is not valid yet', async () => {
    const first = await made();
    const second = await made(later(336));
    expect(second.cert).not.toBe(first.cert);
    expect((await made(now)).cert).not.toBe(second.cert);
  });

  test('is made again for a new address', async () => {
    const first = await made();
    const second = await made(now, [...addresses, '198.51.100.1']);
    expect(second.cert).not.toBe(first.cert);
    expect(new X509Certificate(second.cert).checkIP('198.51.100.1')).toBe('198.51.100.1');
  });

  test('is made again when the kept files are broken or do not belong together', async () => {
    await made();
    await writeFile(certPath(), 'junk');
    await made();
    const other = await makeCertificate(['localhost'], now);
    await writeFile(keyPath(), other.key);
    await chmod(keyPath(), 0o644);
    await writeFile(`${keyPath()}.new`, 'left by a crash', { mode: 0o644 });
    const { cert, key } = await made();
    expect(key).not.toBe(other.key);
    expect(await readFile(certPath(), 'utf8')).toBe(cert);
    expect((await stat(keyPath())).mode & 0o777).toBe(0o600);
  });

  test('cannot be kept where there is a file: StartupError', async () => {
    await writeFile(join(folder, 'tls'), '');
    await expect(made()).rejects.toThrow(StartupError);
  });
});

describe("the operator's certificate", () => {
  const given = (cert: string, key: string) =>
    tlsIdentity({
      settings: { DATA_DIR: folder, TLS_CERT: join(folder, cert), TLS_KEY: join(folder, key) },
      addresses,
      now,
    });

  beforeEach(async () => {
    const own = await makeCertificate(['onehop.example'], now);
    const other = await makeCertificate(['onehop.example'], now);
    await writeFile(join(folder, 'own.crt'), own.cert);
    await writeFile(join(folder, 'own.key'), own.key);
    await writeFile(join(folder, 'other.key'), other.key);
    await writeFile(join(folder, 'junk'), 'junk');
  });

  test('is used as it is', async () => {
    expect((await given('own.crt', 'own.key')).cert).toBe(
      await readFile(join(folder, 'own.crt'), 'utf8'),
    );
  });

  test.each([
    ['none', 'own.key', 'TLS_CERT'],
    ['own.crt', 'none', 'TLS_KEY'],
    ['junk', 'own.key', 'TLS_CERT'],
    ['own.crt', 'junk', 'TLS_KEY'],
    ['own.crt', 'other.key', 'TLS_KEY'],
  ])('%s with %s: SettingsError for %s', async (cert, key, variable) => {
    const thrown: unknown = await given(cert, key).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(SettingsError);
    expect(thrown).toMatchObject({ variable });
  });
});
