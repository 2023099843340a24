import { chmod, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ip, namespaceName, removeLeftovers, removeNamespace } from './network-namespaces.ts';
import { runProgram } from './run-program.ts';

/** The hub's own address: it stays whatever link is down. */
const HUB_ADDRESS = '10.77.0.1';

/** What tbf(8) lets through at once, in kilobytes, and how long it holds a packet, in milliseconds. */
const BURST_KB = 64;
const QUEUE_MS = 100;

interface Host {
  readonly namespace: string;
  /** its network is 10.77.NUMBER.0/24, the hub's end of its link `host` and this number */
  readonly number: number;
  /** the last byte of its address */
  address: number;
}

/** Bytes that a host has sent, and those that came to it. */
export interface Carried {
  readonly sent: number;
  readonly received: number;
}

let labs = 0;
let availability: Promise<boolean> | null = null;

/**
 * A small network of its own on this machine: hosts in network namespaces, each with a link to a hub that routes
 * between them. Servers run in the hub. Needs Linux, root and iproute2.
 */
export class NetworkLab {
  readonly #hub: string;
  readonly #hosts = new Map<string, Host>();

  private constructor(hub: string) {
    this.#hub = hub;
  }

  /** Whether this machine lets a lab be made; found out once per process, by making one. */
  static available(): Promise<boolean> {
    availability ??= tryLab();
    return availability;
  }

  /** Makes a hub with these hosts, and removes what a killed test run has left. @throws Error when it is not allowed */
  static async open(hosts: readonly string[]): Promise<NetworkLab> {
    await removeLeftovers();
    labs += 1;
    const lab = new NetworkLab(namespaceName(process.pid, labs, 'hub'));
    try {
      await lab.#build(hosts);
      return lab;
    } catch (error) {
      await lab.close();
      throw error;
    }
  }

  /** The address of the hub, for every host. */
  get hubAddress(): string {
    return HUB_ADDRESS;
  }

  /** The command with which a program runs in the hub. */
  get inHub(): readonly string[] {
    return ['ip', 'netns', 'exec', this.#hub];
  }

  /** Writes a script into `folder` that runs `program` in a host, with the script's own arguments. Resolves to its path. */
  async scriptFor(host: string, program: string, folder: string): Promise<string> {
    const { namespace } = this.#host(host);
    const file = path.join(folder, `in-${namespace}.sh`);
    await writeFile(file, `#!/bin/sh\nexec ip netns exec '${namespace}' '${program}' "$@"\n`);
    await chmod(file, 0o755);
    return file;
  }

  /** Takes a host's link down: nothing comes or goes any more. */
  async cut(host: string): Promise<void> {
    await ip('-n', this.#hub, 'link', 'set', hubLink(this.#host(host)), 'down');
  }

  /** Takes a host's link up again. */
  async mend(host: string): Promise<void> {
    await ip('-n', this.#hub, 'link', 'set', hubLink(this.#host(host)), 'up');
  }

  /** Gives a host another address, as when it moves to another network: the old one is gone at once. */
  async changeAddress(host: string): Promise<void> {
    const machine = this.#host(host);
    const inHost = ['-n', machine.namespace];
    await ip(...inHost, 'addr', 'flush', 'dev', 'eth0');
    machine.address += 1;
    await addAddress(machine);
  }

  /** Lets a host receive no more than this, in Mbit/s, and send no more. */
  async limit(host: string, megabits: number): Promise<void> {
    const machine = this.#host(host);
    const shape = ['tbf', 'rate', `${megabits}mbit`, 'burst', `${BURST_KB}kb`];
    const ends = [
      [this.#hub, hubLink(machine)],
      [machine.namespace, 'eth0'],
    ] as const;
    for (const [namespace, device] of ends) {
      const words = ['-n', namespace, 'qdisc', 'replace', 'dev', device, 'root', ...shape];
      await runProgram('tc', [...words, 'latency', `${QUEUE_MS}ms`]);
    }
  }

  /** What a host's link has carried since it was made, in bytes with all headers, as the hub's end counts it. */
  async carried(host: string): Promise<Carried> {
    const counts = `/sys/class/net/${hubLink(this.#host(host))}/statistics`;
    const count = async (name: string): Promise<number> =>
      Number(await runProgram('ip', [...this.inHub.slice(1), 'cat', `${counts}/${name}`]));
    return { sent: await count('rx_bytes'), received: await count('tx_bytes') };
  }

  /** Ends every process in the lab and removes it. */
  async close(): Promise<void> {
    for (const { namespace } of this.#hosts.values()) await removeNamespace(namespace);
    await removeNamespace(this.#hub);
  }

  async #build(hosts: readonly string[]): Promise<void> {
    await ip('netns', 'add', this.#hub);
    await ip('-n', this.#hub, 'link', 'set', 'lo', 'up');
    await ip('-n', this.#hub, 'addr', 'add', `${HUB_ADDRESS}/32`, 'dev', 'lo');
    await runProgram('ip', [...this.inHub.slice(1), 'sysctl', '-qw', 'net.ipv4.ip_forward=1']);
    for (const name of hosts) await this.#addHost(name);
  }

  async #addHost(name: string): Promise<void> {
    const namespace = this.#hub.replace(/hub$/, name);
    const host: Host = { namespace, number: this.#hosts.size + 1, address: 2 };
    this.#hosts.set(name, host);
    await ip('netns', 'add', namespace);
    await ip('-n', namespace, 'link', 'set', 'lo', 'up');
    const [near, far] = [
      ['eth0', 'netns', namespace],
      [hubLink(host), 'netns', this.#hub],
    ] as const;
    await ip('link', 'add', ...near, 'type', 'veth', 'peer', 'name', ...far);
    await ip('-n', this.#hub, 'addr', 'add', `10.77.${host.number}.1/24`, 'dev', hubLink(host));
    await ip('-n', this.#hub, 'link', 'set', hubLink(host), 'up');
    await ip('-n', namespace, 'link', 'set', 'eth0', 'up');
    await addAddress(host);
  }

  #host(name: string): Host {
    const host = this.#hosts.get(name);
    if (!host) throw new Error(`The lab has no host ${name}.`);
    return host;
  }
}

function hubLink({ number }: Host): string {
  return `host${number}`;
}

async function addAddress({ namespace, number, address }: Host): Promise<void> {
  const network = `10.77.${number}`;
  await ip('-n', namespace, 'addr', 'add', `${network}.${address}/24`, 'dev', 'eth0');
  await ip('-n', namespace, 'route', 'replace', 'default', 'via', `${network}.1`);
}

async function tryLab(): Promise<boolean> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  try {
    const lab = await NetworkLab.open(['one']);
    try {
      await lab.limit('one', 1);
    } finally {
      await lab.close();
    }
    return true;
  } catch {
    return false;
  }
}
