import { vi } from 'vitest';
import type { RoomRole } from '../room/membership.ts';
import { Room, type RoomListener } from '../room/room.ts';
import type { ShareKeys } from '../share/share-keys.ts';

/** The keys of the room. */
export const KEYS: ShareKeys = {
  roomId: 'r'.repeat(22),
  joinProof: 'p'.repeat(43),
  joinVerifier: 'v'.repeat(43),
};
/** Between two moves of the clock, what is on its way arrives. */
const STEP_MS = 50;
/** Where nothing is waited for but time itself. */
const LONG_STEP_MS = 500;

/** The real one, where the clock is the test's. */
const waitOutside = globalThis.setTimeout;

/** Has the page come from the server at this port. */
export function reachAt(port: number): void {
  const hostname = '127.0.0.1';
  const host = `${hostname}:${port}`;
  vi.stubGlobal('location', { protocol: 'http:', hostname, host, port: String(port) });
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
    await vi.advanceTimersByTimeAsync(STEP_MS);
  }
  throw new Error(`never came to ${what}`);
}

/** Lets time pass, and what is on its way arrive. */
export async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += LONG_STEP_MS) {
    await arrived(() => false);
    await vi.advanceTimersByTimeAsync(LONG_STEP_MS);
  }
}

async function arrived(reached: () => boolean): Promise<boolean> {
  for (let turn = 0; turn < 3 && !reached(); turn += 1) await arrive();
  return reached();
}

/** A member of a room, and in words what it heard. */
export interface TestRoom {
  readonly room: Room;
  readonly heard: string[];
}

/** A room, and in words what it told its member. */
export function openTestRoom(role: RoomRole): TestRoom {
  const heard: string[] = [];
  const listener: RoomListener = {
    onEntered: ({ sender }) => heard.push(`entered, sender ${JSON.stringify(sender?.online)}`),
    onOnline: (online) => heard.push(online ? 'online' : 'offline'),
    onPeer: ({ peerId, online }) => heard.push(`${peerId} ${online ? 'online' : 'offline'}`),
    onSignal: (from, lane, signal) => heard.push(`${signal.type} from ${from} on lane ${lane}`),
    onClosed: (reason) => heard.push(`closed: ${reason}`),
  };
  return { room: new Room(role, KEYS, listener), heard };
}

/** A member that has its place. */
export async function enterTestRoom(role: RoomRole): Promise<TestRoom> {
  const opened = openTestRoom(role);
  await until('its place', () => opened.heard.includes('online'));
  return opened;
}
