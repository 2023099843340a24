import type { EventQueue } from './event-queue.ts';
import type { Random } from './random.ts';

/** What a path is like for a while. */
export interface LinkStage {
  readonly from: number;
  /** of the bottleneck, in Mbit/s */
  readonly mbits: number;
  readonly roundTripMs: number;
}

/** A path between two hosts, as `SimulatedLane`s share it. */
export interface LinkProfile {
  /** from each moment in ms on; the first is at 0 */
  readonly stages: readonly LinkStage[];
  /** how long a packet waits at most before the bottleneck, at its rate */
  readonly queueMs: number;
  /** from 0 to 1, besides what the queue drops */
  readonly loss: number;
  /** what the receiving process takes in, in bytes/s */
  readonly processorBytesPerSecond?: number;
}

/** What a browser's UDP socket holds: one for each lane. */
const SOCKET_BYTES = 64 * 1024;

/** A bottleneck with a drop-tail queue, a constant delay, random loss, and a receiver that takes its time. */
export class LinkModel {
  readonly #events: EventQueue;
  readonly #profile: LinkProfile;
  readonly #random: Random;
  readonly #sockets = new Map<number, number>();
  #freeAt = 0;
  #processorFreeAt = 0;
  /** packets that the queue, the loss, and the sockets took */
  readonly dropped = { queue: 0, loss: 0, socket: 0 };

  constructor(events: EventQueue, profile: LinkProfile, random: Random) {
    this.#events = events;
    this.#profile = profile;
    this.#random = random;
  }

  /** How long a packet that comes now waits before the bottleneck, in ms. */
  get queuedMs(): number {
    return Math.max(0, this.#freeAt - this.#events.now);
  }

  /** How many bytes the bottleneck could have carried by a moment in ms. */
  capacityUntil(time: number): number {
    const { stages } = this.#profile;
    return stages.reduce((sum, { from, mbits }, index) => {
      const end = Math.min(time, stages[index + 1]?.from ?? time);
      return sum + Math.max(0, end - from) * mbits * 125;
    }, 0);
  }

  /** Sends a packet to the receiver. @param socket where it arrives */
  send(socket: number, bytes: number, deliver: () => void): void {
    if (this.#random.chance(this.#profile.loss)) {
      this.dropped.loss += 1;
      return;
    }
    if (this.queuedMs > this.#profile.queueMs) {
      this.dropped.queue += 1;
      return;
    }
    const { now } = this.#events;
    this.#freeAt = Math.max(this.#freeAt, now) + bytes / (this.#stage.mbits * 125);
    this.#events.at(this.#freeAt + this.#delayMs, () => this.#receive(socket, bytes, deliver));
  }

  /** Sends something small back, which nothing but the delay holds up. */
  answer(deliver: () => void): void {
    this.#events.after(this.#delayMs, deliver);
  }

  /** Sends a request back: where its packet is lost it comes again after SCTP's shortest time-out. */
  request(deliver: () => void): void {
    const lost = this.#random.chance(this.#profile.loss);
    this.#events.after(this.#delayMs + (lost ? 400 : 0), deliver);
  }

  #receive(socket: number, bytes: number, deliver: () => void): void {
    const rate = this.#profile.processorBytesPerSecond;
    if (rate === undefined) {
      deliver();
      return;
    }
    const held = this.#sockets.get(socket) ?? 0;
    if (held + bytes > SOCKET_BYTES) {
      this.dropped.socket += 1;
      return;
    }
    this.#sockets.set(socket, held + bytes);
    this.#processorFreeAt =
      Math.max(this.#processorFreeAt, this.#events.now) + (bytes * 1_000) / rate;
    this.#events.at(this.#processorFreeAt, () => {
      this.#sockets.set(socket, (this.#sockets.get(socket) ?? 0) - bytes);
      deliver();
    });
  }

  get #delayMs(): number {
    return this.#stage.roundTripMs / 2;
  }

  get #stage(): LinkStage {
    const { stages } = this.#profile;
    for (let index = stages.length - 1; index >= 0; index -= 1) {
      const stage = stages[index];
      if (stage !== undefined && stage.from <= this.#events.now) return stage;
    }
    throw new RangeError('a link has a first stage');
  }
}
