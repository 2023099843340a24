import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { NetworkLab } from '../../e2e/support/network-lab.ts';
import { ip, namespaceName, removeNamespace } from '../../e2e/support/network-namespaces.ts';
import { runProgram } from '../../e2e/support/run-program.ts';
import type { Lab, Place } from './lab.ts';
import { type Direction, HOSTS, type HostName, type Line, type Lines } from './line.ts';
import {
  type DirectionCounters,
  type LineCountersByHost,
  countersSince,
  readNetemCounters,
} from './line-counters.ts';
import { netemWords } from './netem-words.ts';

/** The hub's end of a host's line, as `NetworkLab` names them. */
const HUB_ENDS = { sender: 'host1', receiver: 'host2' } as const;
const ADDRESSES = { sender: '10.77.1.2', receiver: '10.77.2.2' } as const;

/** Whether this kernel has netem; found out by asking for one. */
export async function netemAvailable(): Promise<boolean> {
  const name = namespaceName(process.pid, 0, 'netem');
  try {
    await ip('netns', 'add', name);
    await runProgram('tc', ['-n', name, 'qdisc', 'add', 'dev', 'lo', 'root', 'netem']);
    return true;
  } catch {
    return false;
  } finally {
    await removeNamespace(name);
  }
}

/** A lab whose lines are pairs of virtual Ethernet devices with `tc netem` at both ends. */
export class NetemLab implements Lab {
  readonly means = 'netem';
  readonly #lab: NetworkLab;
  readonly #folder: string;
  readonly #commands: Readonly<Record<HostName, readonly string[]>>;
  #before: LineCountersByHost | null = null;

  private constructor(
    lab: NetworkLab,
    folder: string,
    commands: Readonly<Record<HostName, string>>,
  ) {
    this.#lab = lab;
    this.#folder = folder;
    this.#commands = { sender: [commands.sender], receiver: [commands.receiver] };
  }

  /** Makes a lab, and removes what a killed run has left. @throws Error when it is not allowed */
  static async open(): Promise<NetemLab> {
    const lab = await NetworkLab.open(HOSTS);
    const folder = await mkdtemp(path.join(os.tmpdir(), 'onehop-netem-'));
    const script = (host: HostName): Promise<string> => lab.scriptFor(host, 'env', folder);
    const netem = new NetemLab(lab, folder, {
      sender: await script('sender'),
      receiver: await script('receiver'),
    });
    try {
      await netem.#sendSinglePackets();
      return netem;
    } catch (error) {
      await netem.close();
      throw error;
    }
  }

  addressOf(place: Place): string {
    return place === 'hub' ? this.#lab.hubAddress : ADDRESSES[place];
  }

  commandIn(place: Place): readonly string[] {
    return place === 'hub' ? this.#lab.inHub : this.#commands[place];
  }

  async setLines(lines: Lines, seed: number): Promise<void> {
    for (const host of HOSTS) {
      for (const way of ['up', 'down'] as const) {
        const [place, device] = this.#endOf(host, way);
        const words = [...netemWords(lines[host][way]), 'seed', String(seed)];
        await this.#run(place, 'tc', 'qdisc', 'replace', 'dev', device, 'root', ...words);
      }
    }
    this.#before = await this.#readCounters();
  }

  async setDirection(host: HostName, way: 'up' | 'down', direction: Direction): Promise<void> {
    const [place, device] = this.#endOf(host, way);
    const words = netemWords(direction);
    await this.#run(place, 'tc', 'qdisc', 'change', 'dev', device, 'root', ...words);
  }

  async takeCounters(): Promise<LineCountersByHost> {
    const [before, now] = [this.#before, await this.#readCounters()];
    this.#before = now;
    if (before === null) return now;
    const since = (host: HostName): LineCountersByHost['sender'] => ({
      up: countersSince(before[host].up, now[host].up),
      down: countersSince(before[host].down, now[host].down),
    });
    return { sender: since('sender'), receiver: since('receiver') };
  }

  async close(): Promise<void> {
    await this.#lab.close();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Otherwise TCP's packets of up to 64 KiB would be delayed, and lost, as one. */
  async #sendSinglePackets(): Promise<void> {
    for (const host of HOSTS) {
      for (const way of ['up', 'down'] as const) {
        const [place, device] = this.#endOf(host, way);
        await this.#run(place, 'ip', 'link', 'set', device, 'gso_max_segs', '1');
      }
    }
  }

  /** Where the queue of a direction is: packets wait where they go out. */
  #endOf(host: HostName, way: keyof Line): readonly [Place, string] {
    return way === 'up' ? [host, 'eth0'] : ['hub', HUB_ENDS[host]];
  }

  async #readCounters(): Promise<LineCountersByHost> {
    const counters = async (host: HostName, way: keyof Line): Promise<DirectionCounters> => {
      const [place, device] = this.#endOf(host, way);
      const words = ['-s', '-j', 'qdisc', 'show', 'dev', device];
      return readNetemCounters(await this.#run(place, 'tc', ...words));
    };
    const line = async (host: HostName): Promise<LineCountersByHost['sender']> => ({
      up: await counters(host, 'up'),
      down: await counters(host, 'down'),
    });
    return { sender: await line('sender'), receiver: await line('receiver') };
  }

  async #run(place: Place, ...words: readonly string[]): Promise<string> {
    const [program = '', ...rest] = [...this.commandIn(place), ...words];
    return await runProgram(program, rest);
  }
}
