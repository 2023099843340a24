import { renderUnicodeCompact } from 'uqr';
import { siteUrl } from './network-addresses.ts';

export interface StartMessage {
  readonly protocol: 'http' | 'https';
  /** as set; undefined for all addresses of this machine */
  readonly host: string | undefined;
  readonly port: number;
  /** this machine's addresses in its networks */
  readonly addresses: readonly string[];
  /** whether browsers do not know who signed the certificate */
  readonly selfSigned: boolean;
}

const EVERY_ADDRESS: ReadonlySet<string> = new Set(['0.0.0.0', '::']);

/** What the operator reads once the server is up: where to open it, here and on other machines. */
export function startMessage(start: StartMessage): readonly string[] {
  const { protocol, host, port } = start;
  const onEveryAddress = host === undefined || EVERY_ADDRESS.has(host);
  const first = `Onehop is at ${siteUrl(protocol, onEveryAddress ? 'localhost' : host, port)}`;
  if (protocol === 'http') {
    return [first, 'To open it from another machine, browsers need https: npm start -- --https'];
  }
  const warning = start.selfSigned
    ? [
        'The certificate is made by this server, so the browser warns once: choose "Advanced", then go on to the page.',
      ]
    : [];
  if (!onEveryAddress) return [first, ...warning];
  return [first, ...otherMachines(start), ...warning];
}

function otherMachines({ protocol, port, addresses }: StartMessage): readonly string[] {
  const urls = addresses.map((address) => siteUrl(protocol, address, port));
  const [url] = urls;
  if (url === undefined) return ['This machine has no address in a network.'];
  return ['From another machine in the same network:', ...urls, renderUnicodeCompact(url)];
}
