import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { REJOIN_GRACE_MS } from '../../signaling/protocol/limits.ts';
import { FakeSignalingServer, PEER, PLACE, TOKEN } from '../testing/fake-signaling-server.ts';
import {
  countListeners,
  enterTestRoom,
  openTestRoom,
  pass,
  passUntil,
  reachAt,
  sayOnline,
  tickRooms,
  until,
} from '../testing/test-room.ts';

const KEPT = {
  token: 'k'.repeat(22),
  iceServers: [{ urls: 'stun:stun.test' }],
  maxLanes: 5,
};
const refuse = (code: string) => () => ({ ok: false, error: { code } });

let server: FakeSignalingServer;

beforeEach(async () => {
  server = new FakeSignalingServer();
  await until('a listening server', () => server.io.httpServer.listening);
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance', 'Date'],
  });
  reachAt(server.port);
});

afterEach(async () => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  server.mend();
  await server.io.close();
});

describe('a place kept from an earlier page', () => {
  it('is taken again by its token, with the ICE servers and the lanes of then', async () => {
    const { room, heard, entries } = await enterTestRoom('sender', KEPT);
    expect(heard).toEqual(['entered, sender undefined', `${PEER} online`, 'online']);
    expect(server.asked.map(({ request }) => request)).toMatchObject([{ token: KEPT.token }]);
    const { iceServers, maxLanes } = KEPT;
    const news = { offered: true, upload: null };
    expect(entries).toEqual([{ membership: KEPT, iceServers, maxLanes, sender: null, ...news }]);
    room.disconnect();
  });

  it('tells a receiver of its sender', async () => {
    const { room, entries } = await enterTestRoom('receiver', KEPT);
    expect(entries.map(({ sender }) => sender)).toEqual([{ peerId: PEER, online: true }]);
    room.disconnect();
  });

  it('is taken anew where it is gone', async () => {
    server.answers.set('room:rejoin', refuse('rejoin-refused'));
    const { room, entries } = await enterTestRoom('sender', KEPT);
    expect(server.names).toEqual(['room:rejoin', 'room:create']);
    const { iceServers, maxLanes } = PLACE;
    expect(entries.map(({ membership }) => membership)).toEqual([
      { token: TOKEN, iceServers, maxLanes },
    ]);
    room.disconnect();
  });

  it('is named as the reason where it stays taken by another', async () => {
    server.answers.set('room:rejoin', refuse('rejoin-refused'));
    server.answers.set('room:create', refuse('share-taken'));
    const { heard } = openTestRoom('sender', KEPT);
    const passed = await passUntil('the end', () => heard.length > 0);
    expect(heard).toEqual(['closed: share-taken']);
    expect(passed).toBe(15_000);
  });
});

describe('a place that a sender took without hearing of it', () => {
  it('is waited for', async () => {
    const create = server.answers.get('room:create') ?? (() => null);
    const { room, heard } = await enterTestRoom('sender');
    server.answers.set('room:rejoin', refuse('rejoin-refused'));
    server.answers.delete('room:create');
    server.drop();
    await passUntil('a request without an answer', () => server.names.at(-1) === 'room:create');
    server.answers.set('room:create', refuse('share-taken'));
    server.drop();
    await passUntil('a refusal', () => server.names.length > 5);
    server.answers.set('room:create', create);
    await passUntil('its place', () => heard.at(-1) === 'online');
    expect(heard.filter((what) => what.startsWith('closed'))).toEqual([]);
    room.disconnect();
  });

  it('is not a place that another sender has', async () => {
    server.answers.set('room:create', refuse('share-taken'));
    const { heard } = openTestRoom('sender');
    await until('the end', () => heard.length > 0);
    expect(heard).toEqual(['closed: share-taken']);
  });
});

describe('a receiver whose server was restarted', () => {
  beforeEach(() => {
    server.answers.set('room:rejoin', refuse('rejoin-refused'));
  });

  it('waits for its sender to come back', async () => {
    const { room, heard } = await enterTestRoom('receiver');
    const join = server.answers.get('room:join') ?? (() => null);
    server.answers.set('room:join', refuse('share-not-found'));
    server.drop();
    await pass(30_000);
    expect(heard.at(-1)).toBe('offline');
    server.answers.set('room:join', join);
    await passUntil('its place', () => heard.at(-1) === 'online');
    room.disconnect();
  });

  it('waits no longer than the sender has to come back', async () => {
    const { heard } = await enterTestRoom('receiver');
    server.answers.set('room:join', refuse('share-not-found'));
    server.drop();
    await pass(REJOIN_GRACE_MS - 500);
    expect(heard.at(-1)).toBe('offline');
    await passUntil('the end', () => heard.at(-1) === 'closed: share-not-found', 10_000);
    await pass(5_000);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a member whose network is gone', () => {
  it('finds out within 2.5 s if somebody doubts it, and is back as soon as the network is', async () => {
    const { room, heard } = await enterTestRoom('receiver');
    await pass(2_000);
    server.cut();
    room.checkConnection();
    const noticed = await passUntil('the loss', () => heard.at(-1) === 'offline');
    expect(noticed).toBeLessThanOrEqual(2_500);
    await pass(5_000);
    server.mend();
    await until('its place', () => heard.at(-1) === 'online');
    room.disconnect();
  });

  it('finds out by itself within 15 s, when the server pings no more', async () => {
    const { room, heard } = await enterTestRoom('receiver');
    server.cut();
    const noticed = await passUntil('the loss', () => heard.at(-1) === 'offline');
    expect(noticed).toBeLessThanOrEqual(15_000);
    room.disconnect();
  });

  it('finds out after the machine slept', async () => {
    const { room, heard } = await enterTestRoom('receiver');
    server.cut();
    vi.setSystemTime(Date.now() + 300_000);
    tickRooms();
    const noticed = await passUntil('the loss', () => heard.at(-1) === 'offline');
    expect(noticed).toBeLessThanOrEqual(2_500);
    room.disconnect();
  });

  it('tries at once when the browser says that the network is back', async () => {
    const { room, heard } = await enterTestRoom('receiver');
    server.onConnection = (socket) => socket.disconnect(true);
    server.drop();
    await pass(120_000);
    server.onConnection = () => {};
    sayOnline();
    await until('its place', () => heard.at(-1) === 'online');
    expect(countListeners()).toBe(1);
    room.disconnect();
    expect(countListeners()).toBe(0);
    const { length } = server.sockets;
    sayOnline();
    await pass(5_000);
    expect(server.sockets.length).toBe(length);
  });

  it('stays where it is while the server answers its doubts', async () => {
    const { room, heard } = await enterTestRoom('receiver');
    heard.length = 0;
    for (let second = 0; second < 10; second += 1) {
      room.checkConnection();
      room.checkConnection();
      await pass(1_000);
    }
    expect(heard).toEqual([]);
    expect(server.sockets.length).toBe(1);
    expect(new Set(server.names.slice(1))).toEqual(new Set(['room:rejoin']));
    expect(server.names.length).toBeLessThanOrEqual(11);
    room.disconnect();
  });

  it('takes its place again where the server turns out to have lost it', async () => {
    const { room, heard } = await enterTestRoom('sender');
    await pass(2_000);
    server.forget();
    server.answers.set('room:rejoin', refuse('rejoin-refused'));
    room.checkConnection();
    await passUntil('its place', () => heard.length === 5);
    const [entered, online] = ['entered, sender undefined', 'online'];
    expect(heard).toEqual([entered, online, 'offline', entered, online]);
    room.disconnect();
  });
});
