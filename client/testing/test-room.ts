import { vi } from 'vitest';
import type { Entry, Membership, RoomRole } from '../room/membership.ts';
import { Room, type RoomListener } from '../room/room.ts';
import type { ShareKeys } from '../share/share-keys.ts';
import { TICK_MS } from '../time/ticker.ts';

/** The keys of the room. */
export const KEYS: ShareKeys = {
  roomId: 'r'.repeat(22),
  joinProof: 'p'.repeat(43),
  joinVerifier: 'v'.repeat(43),
};
/** Between two moves of the clock, what is on its way arrives. */
const STEP_MS = 50;

/** How long somebody listens to the browser. */
interface Listening {
  readonly signal: AbortSignal;
}

/** The rooms that look at the clock, and what the browser tells them. */
let rooms: Room[] = [];
let browser = new EventTarget();
let listening: Listening[] = [];
let untilTickMs = TICK_MS;

/** The real one, where the clock is the test's. */
const waitOutside = globalThis.setTimeout;

/** A page of its own, come from the server at this port. */
export function reachAt(port: number): void {
  rooms = [];
  browser = new EventTarget();
  untilTickMs = TICK_MS;
  listening = [];
  vi.stubGlobal('addEventListener', (type: string, listener: () => void, options: Listening) => {
    listening.push(options);
    browser.addEventListener(type, listener, options);
  });
  const hostname = '127.0.0.1';
  const host = `${hostname}:${port}`;
  vi.stubGlobal('location', { protocol: 'http:', hostname, host, port: String(port) });
}

/** Has the browser say that it is connected to a network. */
export function sayOnline(): void {
  browser.dispatchEvent(new Event('online'));
}

/** How many still listen to what the browser says. */
export function countListeners(): number {
  return listening.filter(({ signal }) => !signal.aborted).length;
}

/** Has every room look at the clock. */
export function tickRooms(): void {
  for (const room of rooms) room.tick();
}

function arrive(): Promise<void> {
  return new Promise((resolve) => {
    waitOutside(resolve, 1);
  });
}

/** Waits while the clock stands still. */
export async function until(what: string, reached: () => boolean): Promise<void> {
  for (let turn = 0; turn < 5_000; turn += 1) {
    if (reached()) return;
    await arrive();
  }
  throw new Error(`never came to ${what}`);
}

/** Lets time pass until it is reached. @returns how long that took, in milliseconds */
export async function passUntil(
  what: string,
  reached: () => boolean,
  most = 120_000,
): Promise<number> {
  for (let passed = 0; passed <= most; passed += STEP_MS) {
    if (await arrived(reached)) return passed;
    await advance(STEP_MS);
  }
  throw new Error(`never came to ${what}`);
}

/** Lets time pass, and what is on its way arrive. */
export async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += TICK_MS) {
    await arrived(() => false);
    await advance(TICK_MS);
  }
}

/** Moves the clock by at most a tick. */
async function advance(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
  untilTickMs -= ms;
  if (untilTickMs > 0) return;
  untilTickMs += TICK_MS;
  tickRooms();
}

async function arrived(reached: () => boolean): Promise<boolean> {
  for (let turn = 0; turn < 3 && !reached(); turn += 1) await arrive();
  return reached();
}

/** A member of a room, and in words what it heard. */
export interface TestRoom {
  readonly room: Room;
  readonly heard: string[];
  readonly entries: Entry[];
}

/** A room, and in words what it told its member. */
export function openTestRoom(role: RoomRole, membership?: Membership): TestRoom {
  const heard: string[] = [];
  const entries: Entry[] = [];
  const listener: RoomListener = {
    onEntered: (entry) => {
      entries.push(entry);
      heard.push(`entered, sender ${JSON.stringify(entry.sender?.online)}`);
    },
    onOnline: (online) => heard.push(online ? 'online' : 'offline'),
    onPeer: ({ peerId, online }) => heard.push(`${peerId} ${online ? 'online' : 'offline'}`),
    onUpload: () => {},
    onSignal: (from, lane, signal) => heard.push(`${signal.type} from ${from} on lane ${lane}`),
    onClosed: (reason) => heard.push(`closed: ${reason}`),
  };
  const room = new Room(role, KEYS, listener, membership);
  rooms.push(room);
  return { room, heard, entries };
}

/** A member that has its place. */
export async function enterTestRoom(role: RoomRole, membership?: Membership): Promise<TestRoom> {
  const opened = openTestRoom(role, membership);
  await until('its place', () => opened.heard.includes('online'));
  return opened;
}
