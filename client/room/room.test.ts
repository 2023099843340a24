import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PROTOCOL_VERSION } from '../../signaling/protocol/limits.ts';
import {
  FakeSignalingServer,
  PEER,
  PLACE,
  SENDER,
  TOKEN,
} from '../testing/fake-signaling-server.ts';
import {
  KEYS,
  enterTestRoom,
  openTestRoom,
  pass,
  passUntil,
  reachAt,
  until,
} from '../testing/test-room.ts';
import { ENTER_TIMEOUT_MS } from './room.ts';

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
  await server.io.close();
});

describe('a place in a room', () => {
  it('is taken by creating the room, as its sender', async () => {
    const { room, heard } = await enterTestRoom('sender');
    expect(heard).toEqual(['entered, sender undefined', 'online']);
    const { roomId, joinVerifier } = KEYS;
    expect(server.asked).toEqual([
      { name: 'room:create', request: { protocol: PROTOCOL_VERSION, roomId, joinVerifier } },
    ]);
    room.disconnect();
  });

  it('is taken by joining the room, as a receiver', async () => {
    const { room, heard } = await enterTestRoom('receiver');
    expect(heard).toEqual(['entered, sender true', 'online']);
    const { roomId, joinProof } = KEYS;
    expect(server.asked).toEqual([
      { name: 'room:join', request: { protocol: PROTOCOL_VERSION, roomId, joinProof } },
    ]);
    room.disconnect();
  });

  it('is refused by name', async () => {
    server.answers.set('room:join', () => ({ ok: false, error: { code: 'share-full' } }));
    const { heard } = openTestRoom('receiver');
    await until('the end', () => heard.length > 0);
    expect(heard).toEqual(['closed: share-full']);
    await until('the end of its socket', () => server.connected === 0);
  });

  it('is refused by name before a socket is let in', async () => {
    server.io.use((_socket, next) => {
      next(Object.assign(new Error('no'), { data: { code: 'too-many-requests' } }));
    });
    const { heard } = openTestRoom('receiver');
    await until('the end', () => heard.length > 0);
    expect(heard).toEqual(['closed: too-many-requests']);
  });

  it.each([
    ['nothing that can be read', 'what?'],
    [
      'a place without a token',
      { ok: true, value: { ...PLACE, token: undefined, sender: SENDER } },
    ],
    ['fewer lanes than one', { ok: true, value: { ...PLACE, maxLanes: 0, sender: SENDER } }],
    [
      'more lanes than there can be',
      { ok: true, value: { ...PLACE, maxLanes: 33, sender: SENDER } },
    ],
    ['an error that nobody knows', { ok: false, error: { code: 'no-idea' } }],
  ])('ends as the fault of a server that answers %s', async (_, answer) => {
    server.answers.set('room:join', () => answer);
    const { heard } = openTestRoom('receiver');
    await until('the end', () => heard.length > 0);
    expect(heard).toEqual(['closed: server-error']);
  });

  it('is not waited for without end where no server is', async () => {
    const { port } = server;
    await server.io.close();
    reachAt(port);
    const { heard } = openTestRoom('receiver');
    await pass(ENTER_TIMEOUT_MS - 500);
    expect(heard).toEqual([]);
    await passUntil('the end', () => heard.length > 0, 1_000);
    expect(heard).toEqual(['closed: signaling-unreachable']);
    await pass(20_000);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is not waited for without end where the server never answers', async () => {
    server.answers.delete('room:join');
    const { heard } = openTestRoom('receiver');
    await passUntil('the end', () => heard.length > 0, ENTER_TIMEOUT_MS + 500);
    expect(heard).toEqual(['closed: signaling-unreachable']);
    await until('the end of its sockets', () => server.connected === 0);
  });
});

describe('a member of a room', () => {
  it('hears of its peers and of their signals', async () => {
    const { room, heard } = await enterTestRoom('receiver');
    heard.length = 0;
    server.send('peer:offline', { peerId: PEER });
    server.send('peer:online', { peerId: PEER });
    server.send('peer:left', { peerId: PEER });
    server.send('peer:joined', { peerId: PEER });
    server.send('signal:relayed', { from: PEER, lane: 3, signal: { type: 'answer', sdp: 'sdp' } });
    await until('all of it', () => heard.length === 5);
    const [offline, online] = [`${PEER} offline`, `${PEER} online`];
    expect(heard).toEqual([offline, online, offline, online, `answer from ${PEER} on lane 3`]);
    room.disconnect();
  });

  it('has its signals relayed', async () => {
    const { room } = await enterTestRoom('sender');
    const signal = { type: 'offer', sdp: 'sdp' } as const;
    room.sendSignal(PEER, 2, signal);
    await until('the signal', () => server.asked.length === 2);
    expect(server.asked[1]).toEqual({
      name: 'signal:send',
      request: { to: PEER, lane: 2, signal },
    });
    room.disconnect();
  });

  it('hears why the room was closed, and nothing after that', async () => {
    const { heard } = await enterTestRoom('receiver');
    heard.length = 0;
    server.send('room:closed', { reason: 'sender-stopped' });
    server.send('peer:online', { peerId: PEER });
    await until('the end of its socket', () => server.connected === 0);
    expect(heard).toEqual(['closed: sender-stopped']);
  });

  it('hears the error that the server raised', async () => {
    const { heard } = await enterTestRoom('sender');
    heard.length = 0;
    server.send('error:raised', { code: 'too-many-requests' });
    await until('the end', () => heard.length > 0);
    expect(heard).toEqual(['closed: too-many-requests']);
  });

  it.each([
    ['peer:online', {}],
    ['peer:left', null],
    ['signal:relayed', { from: PEER, lane: -1, signal: { type: 'answer', sdp: 'sdp' } }],
    ['signal:relayed', { from: PEER, lane: 0, signal: { type: 'answer' } }],
    ['room:closed', { reason: 'of no known kind' }],
    ['error:raised', 'what?'],
  ])('takes a malformed %s for a fault of the server: %o', async (name, event) => {
    const { heard } = await enterTestRoom('receiver');
    heard.length = 0;
    server.send(name, event);
    await until('the end', () => heard.length > 0);
    expect(heard).toEqual(['closed: server-error']);
    await until('the end of its socket', () => server.connected === 0);
  });
});

describe('a member whose socket dropped', () => {
  it('takes its place again by its token', async () => {
    const { room, heard } = await enterTestRoom('receiver');
    heard.length = 0;
    server.drop();
    await passUntil('its place', () => heard.includes('online'));
    expect(heard).toEqual(['offline', `${PEER} online`, 'online']);
    const { roomId } = KEYS;
    const request = { protocol: PROTOCOL_VERSION, roomId, token: TOKEN };
    expect(server.asked.slice(1)).toEqual([{ name: 'room:rejoin', request }]);
    room.disconnect();
  });

  it.each(['rejoin-refused', 'share-not-found'])('enters anew after %s', async (code) => {
    const { room, heard } = await enterTestRoom('sender');
    heard.length = 0;
    server.answers.set('room:rejoin', () => ({ ok: false, error: { code } }));
    server.drop();
    await passUntil('its place', () => heard.includes('online'));
    expect(heard).toEqual(['offline', 'entered, sender undefined', 'online']);
    expect(server.names).toEqual(['room:create', 'room:rejoin', 'room:create']);
    room.disconnect();
  });

  it('ends by name where its place is refused for another reason', async () => {
    const { heard } = await enterTestRoom('receiver');
    heard.length = 0;
    server.answers.set('room:rejoin', () => ({ ok: false, error: { code: 'server-full' } }));
    server.drop();
    await passUntil('the end', () => heard.length > 1);
    expect(heard).toEqual(['offline', 'closed: server-full']);
  });

  it('tries again where the server does not answer in time', async () => {
    const { room, heard } = await enterTestRoom('receiver');
    const rejoin = server.answers.get('room:rejoin') ?? (() => null);
    server.answers.delete('room:rejoin');
    server.drop();
    await passUntil('a second try', () => server.names.length === 3);
    server.answers.set('room:rejoin', rejoin);
    await passUntil('its place', () => heard.at(-1) === 'online');
    expect(heard).not.toContain('closed: signaling-unreachable');
    room.disconnect();
  });

  it('relays nothing meanwhile', async () => {
    const { room, heard } = await enterTestRoom('receiver');
    server.drop();
    await until('the drop', () => heard.at(-1) === 'offline');
    room.sendSignal(PEER, 0, { type: 'offer', sdp: 'sdp' });
    await passUntil('its place', () => heard.at(-1) === 'online');
    expect(server.names).not.toContain('signal:send');
    room.disconnect();
  });
});

describe('a server that sends its sockets away', () => {
  it('is tried again, at most once a second, until the time to enter is over', async () => {
    server.onConnection = (socket) => socket.disconnect(true);
    server.answers.clear();
    const { heard } = openTestRoom('receiver');
    const passed = await passUntil('the end', () => heard.length > 0);
    expect(heard).toEqual(['closed: signaling-unreachable']);
    expect(passed).toBe(ENTER_TIMEOUT_MS);
    const { length } = server.sockets;
    // A try that takes its time delays the next one.
    expect(length).toBeGreaterThan(5);
    expect(length).toBeLessThanOrEqual(16);
    await pass(30_000);
    expect(server.sockets.length).toBe(length);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('gets its member back when it comes back', async () => {
    const { room, heard } = await enterTestRoom('sender');
    let away = true;
    server.onConnection = (socket) => {
      if (away) socket.disconnect(true);
    };
    server.sockets.at(-1)?.disconnect(true);
    await passUntil('three tries', () => server.sockets.length === 4);
    away = false;
    await passUntil('its place', () => heard.at(-1) === 'online');
    expect(heard).not.toContain('closed: signaling-unreachable');
    expect(server.names.at(-1)).toBe('room:rejoin');
    room.disconnect();
  });
});

describe('a member that goes', () => {
  it('gives its place up with leave, and hears nothing more', async () => {
    const { room, heard } = await enterTestRoom('receiver');
    heard.length = 0;
    room.leave();
    room.leave();
    room.sendSignal(PEER, 0, { type: 'offer', sdp: 'sdp' });
    server.send('peer:online', { peerId: PEER });
    await until('the end of its socket', () => server.connected === 0);
    expect(server.names).toEqual(['room:join', 'room:leave']);
    await pass(30_000);
    expect(heard).toEqual([]);
    expect(server.sockets.length).toBe(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('goes also where the server does not answer', async () => {
    const { room } = await enterTestRoom('receiver');
    server.answers.delete('room:leave');
    room.leave();
    await passUntil('the end of its socket', () => server.connected === 0, 11_000);
    await pass(20_000);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('keeps its place with disconnect, and hears nothing more', async () => {
    const { room, heard } = await enterTestRoom('receiver');
    heard.length = 0;
    room.disconnect();
    await until('the end of its socket', () => server.connected === 0);
    await pass(30_000);
    expect(heard).toEqual([]);
    expect(server.names).toEqual(['room:join']);
    expect(server.sockets.length).toBe(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each(['leave', 'disconnect'] as const)('ends with %s before it has a place', async (end) => {
    const { room, heard } = openTestRoom('receiver');
    room[end]();
    await pass(30_000);
    expect(heard).toEqual([]);
    expect(server.names).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each(['leave', 'disconnect'] as const)(
    'ends with %s while its socket is away',
    async (end) => {
      const { room, heard } = await enterTestRoom('sender');
      server.sockets.at(-1)?.disconnect(true);
      await until('the drop', () => heard.at(-1) === 'offline');
      room[end]();
      await pass(30_000);
      expect(server.sockets.length).toBe(1);
      expect(vi.getTimerCount()).toBe(0);
    },
  );
});
