import { X509Certificate, createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TlsIdentity } from '../app.ts';
import { SettingsError, type Settings } from '../settings.ts';
import { StartupError } from '../startup-error.ts';
import { keptCertificate } from './kept-certificate.ts';

export interface TlsRequest {
  readonly settings: Pick<Settings, 'TLS_CERT' | 'TLS_KEY' | 'DATA_DIR'>;
  /** where this machine is reached, beside localhost */
  readonly addresses: readonly string[];
  readonly now: Date;
}

/**
 * The certificate to serve with: the operator's, or else a self-signed one that is kept in DATA_DIR/tls.
 *
 * @throws SettingsError when the operator's files cannot be read or do not fit
 * @throws StartupError when a made certificate cannot be kept
 */
export async function tlsIdentity(request: TlsRequest): Promise<TlsIdentity> {
  const { TLS_CERT, TLS_KEY, DATA_DIR } = request.settings;
  if (TLS_CERT !== undefined && TLS_KEY !== undefined) return operatorsIdentity(TLS_CERT, TLS_KEY);
  const hosts = ['localhost', '127.0.0.1', '::1', ...request.addresses];
  try {
    return await keptCertificate(join(DATA_DIR, 'tls'), hosts, request.now);
  } catch (cause) {
    throw new StartupError('The certificate cannot be kept in DATA_DIR; is it writable?', {
      cause,
    });
  }
}

async function operatorsIdentity(certPath: string, keyPath: string): Promise<TlsIdentity> {
  const cert = await readSetting('TLS_CERT', certPath);
  const key = await readSetting('TLS_KEY', keyPath);
  const certificate = parse(
    'TLS_CERT',
    'is not a PEM certificate',
    () => new X509Certificate(cert),
  );
  const privateKey = parse('TLS_KEY', 'is not a PEM key without passphrase', () =>
    createPrivateKey(key),
  );
  if (!certificate.checkPrivateKey(privateKey)) {
    throw new SettingsError('TLS_KEY', 'is not the key of TLS_CERT');
  }
  return { cert, key };
}

async function readSetting(variable: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    throw new SettingsError(variable, 'names a file that cannot be read');
  }
}

function parse<Value>(variable: string, problem: string, read: () => Value): Value {
  try {
    return read();
  } catch {
    throw new SettingsError(variable, problem);
  }
}
