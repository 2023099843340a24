import { createPrivateKey, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { TlsIdentity } from '../app.ts';

const DAY_MS = 86_400_000;

/** How long a made certificate is valid, in days. */
const VALID_DAYS = 365;

/** A certificate is made again this many days before it expires. */
const RENEW_DAYS = 30;

/**
 * Makes a self-signed certificate (ECDSA P-256) for these host names and addresses.
 *
 * @param hosts at least one; all of them are in its subjectAltName (RFC 5280, section 4.2.1.6)
 */
export async function makeCertificate(hosts: readonly string[], now: Date): Promise<TlsIdentity> {
  // Large, and of use once a year.
  const { generate } = await import('selfsigned');
  const made = await generate([{ name: 'commonName', value: 'Onehop' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notBeforeDate: new Date(now.getTime() - DAY_MS),
    notAfterDate: new Date(now.getTime() + VALID_DAYS * DAY_MS),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: hosts.map((host) =>
          isIP(host) === 0 ? { type: 2, value: host } : { type: 7, ip: host },
        ),
      },
    ],
  });
  return { cert: made.cert, key: made.private };
}

/** Whether a kept certificate still serves: its key fits, it names every host, and it does not expire soon. */
export function isUsable(identity: TlsIdentity, hosts: readonly string[], now: Date): boolean {
  try {
    const certificate = new X509Certificate(identity.cert);
    const names = (host: string) =>
      isIP(host) === 0 ? certificate.checkHost(host) : certificate.checkIP(host);
    return (
      certificate.checkPrivateKey(createPrivateKey(identity.key)) &&
      Date.parse(certificate.validFrom) <= now.getTime() &&
      Date.parse(certificate.validTo) > now.getTime() + RENEW_DAYS * DAY_MS &&
      hosts.every((host) => names(host) !== undefined)
    );
  } catch {
    return false;
  }
}
