import { rm, mkdtemp } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {
  ip,
  namespaceName,
  removeLeftovers,
  removeNamespace,
} from '../../e2e/support/network-namespaces.ts';
import type { Lab, Place } from './lab.ts';
import { type Direction, HOSTS, type HostName, type Lines } from './line.ts';
import { type LineCountersByHost, readLineCounters } from './line-counters.ts';
import { StarProcess } from './star-process.ts';

const ADDRESSES = { hub: '10.78.0.1', sender: '10.78.0.2', receiver: '10.78.0.3' } as const;
const PLACES = ['hub', ...HOSTS] as const;

let labs = 0;

/** A lab whose lines a program of ours emulates: for kernels without sch_netem. Needs Linux, root, iproute2 and cc. */
export class StarLab implements Lab {
  readonly means = 'star';
  readonly #names: Readonly<Record<Place, string>>;
  readonly #folder: string;
  #star: StarProcess | null = null;

  private constructor(folder: string) {
    this.#folder = folder;
    labs += 1;
    const nameOf = (place: Place): string => namespaceName(process.pid, labs, `star-${place}`);
    this.#names = { hub: nameOf('hub'), sender: nameOf('sender'), receiver: nameOf('receiver') };
  }

  /** Makes a lab, and removes what a killed run has left. @throws Error when it is not allowed */
  static async open(): Promise<StarLab> {
    await removeLeftovers();
    const lab = new StarLab(await mkdtemp(path.join(os.tmpdir(), 'onehop-star-')));
    try {
      await lab.#build();
      return lab;
    } catch (error) {
      await lab.close();
      throw error;
    }
  }

  addressOf(place: Place): string {
    return ADDRESSES[place];
  }

  commandIn(place: Place): readonly string[] {
    return ['ip', 'netns', 'exec', this.#names[place]];
  }

  async setLines(lines: Lines, seed: number): Promise<void> {
    let salt = 0;
    for (const host of HOSTS) {
      for (const way of ['up', 'down'] as const) {
        salt += 1;
        this.#running.set(host, way, { ...lines[host][way], seed: seed * 16 + salt });
      }
    }
    await this.takeCounters();
  }

  async setDirection(host: HostName, way: 'up' | 'down', direction: Direction): Promise<void> {
    await Promise.resolve(this.#running.set(host, way, { ...direction }));
  }

  async takeCounters(): Promise<LineCountersByHost> {
    return readLineCounters(await this.#running.counters());
  }

  /** The process that carries the packets. */
  get pid(): number {
    return this.#running.pid;
  }

  async close(): Promise<void> {
    await this.#star?.stop();
    for (const place of PLACES) await removeNamespace(this.#names[place]);
    await rm(this.#folder, { recursive: true, force: true });
  }

  get #running(): StarProcess {
    if (this.#star === null) throw new Error('The lab is not built.');
    return this.#star;
  }

  async #build(): Promise<void> {
    for (const place of PLACES) {
      await ip('netns', 'add', this.#names[place]);
      await ip('-n', this.#names[place], 'link', 'set', 'lo', 'up');
    }
    const hosts = PLACES.map((place) => `${place}=${this.#names[place]},${ADDRESSES[place]}`);
    this.#star = await StarProcess.start(this.#folder, hosts);
    for (const place of PLACES) {
      const inPlace = ['-n', this.#names[place]];
      await ip(...inPlace, 'addr', 'add', `${ADDRESSES[place]}/24`, 'dev', 'eth0');
      await ip(...inPlace, 'link', 'set', 'eth0', 'up', 'mtu', 1500, 'txqueuelen', 10_000);
      // The way to anywhere: a browser looks for it to know which of its addresses to offer.
      await ip(...inPlace, 'route', 'add', 'default', 'dev', 'eth0');
    }
  }
}
