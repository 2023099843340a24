import { clientAddress } from '../client-address.ts';
import type { GatewaySocket } from './gateway-socket.ts';

type Connection = GatewaySocket['conn'];

/** Which address each connection came from, and how many connections an address has now. */
export class ConnectionAddresses {
  readonly #addresses = new WeakMap<Connection, string>();
  readonly #counts = new Map<string, number>();
  readonly #proxies: number;

  constructor(proxies: number) {
    this.#proxies = proxies;
  }

  /** Takes a new connection into account until it closes. */
  add(connection: Connection): void {
    const address = clientAddress(connection.request, this.#proxies);
    this.#addresses.set(connection, address);
    this.#counts.set(address, this.countOf(address) + 1);
    connection.once('close', () => this.#remove(address));
  }

  /** See `clientAddress`; the address as it was when the connection began, since a polling request may be gone. */
  addressOf(connection: Connection): string {
    return this.#addresses.get(connection) ?? '';
  }

  countOf(address: string): number {
    return this.#counts.get(address) ?? 0;
  }

  #remove(address: string): void {
    const count = this.countOf(address) - 1;
    if (count > 0) this.#counts.set(address, count);
    else this.#counts.delete(address);
  }
}
