import * as fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { MAX_SIGNALING_MESSAGE_BYTES, PROTOCOL_VERSION } from '../protocol/limits.ts';
import type { RoomIds } from '../rooms/room-ids.ts';
import { randomRoomIds } from '../rooms/room-ids.ts';
import { testLink } from '../testing/test-link.ts';
import { openPolling } from '../testing/open-polling.ts';
import { TestPage } from '../testing/test-page.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

const signal = { type: 'answer', sdp: 'v=0' };
const badRequest = { ok: false, error: { code: 'bad-request' } };

let server: TestServer;
let witness: { sender: TestPage; receiver: TestPage; peerId: string };
let link = 100;

beforeAll(async () => {
  server = await startTestServer();
  const sender = await new TestPage(server.url).connected();
  const receiver = await new TestPage(server.url).connected();
  await sender.create(testLink(1));
  const { peerId } = await receiver.join(testLink(1));
  await sender.next('peer:joined');
  witness = { sender, receiver, peerId };
});

afterAll(async () => {
  witness.sender.close();
  witness.receiver.close();
  await server.stop();
});

beforeEach(() => {
  link += 1;
});

async function open(): Promise<TestPage> {
  return new TestPage(server.url).connected();
}

/** A page in a room of its own, as a sender with one receiver. */
async function openRoom() {
  link += 1;
  const sender = await open();
  await sender.create(testLink(link));
  const receiver = await open();
  await receiver.join(testLink(link));
  return { sender, receiver };
}

/** The text of a `room:create` event for the link with this number. */
function createEvent(number: number): string {
  const { roomId, joinVerifier } = testLink(number);
  return JSON.stringify(['room:create', { protocol: PROTOCOL_VERSION, roomId, joinVerifier }]);
}

/** The pair in another room still reaches each other, and nothing was logged. */
async function expectUnharmed(): Promise<void> {
  const { sender, receiver, peerId } = witness;
  expect(await sender.request('signal:send', { to: peerId, lane: 0, signal })).toMatchObject({
    ok: true,
  });
  await receiver.next('signal:relayed');
  expect(server.errors).toEqual([]);
}

describe('malformed events', () => {
  test.each<[string, readonly unknown[]]>([
    ['a wrong payload', ['room:create', { protocol: PROTOCOL_VERSION }]],
    ['no payload', ['room:leave']],
    ['too many arguments', ['room:leave', {}, {}]],
    ['an unknown name', ['room:destroy', {}]],
    ['a name that EventEmitter treats specially', ['error', {}]],
    ['a name from the prototype of objects', ['constructor', {}]],
    ['binary junk', ['signal:send', Buffer.from([0, 1, 2, 255])]],
    ['a surplus field', ['room:leave', { more: 1 }]],
    ['a prototype field', ['room:leave', JSON.parse('{"__proto__":{"x":1},"y":2}')]],
  ])('[SG6] %s: bad-request, dropped, out of the room at once', async (_, [name, ...args]) => {
    const { sender, receiver } = await openRoom();
    const answer: unknown = await sender.socket.emitWithAck(String(name), ...args);
    expect(answer).toEqual(badRequest);
    await sender.disconnected();
    expect(await receiver.next('room:closed')).toEqual({ reason: 'sender-left' });
    receiver.close();
    await expectUnharmed();
  });

  test('[SG6] without an acknowledgement the error comes as an event', async () => {
    const page = await open();
    page.socket.emit('room:leave', {});
    expect(await page.next('error:raised')).toEqual({ code: 'bad-request' });
    await page.disconnected();
    await expectUnharmed();
  });

  test.each([
    ['no JSON', '2{{{'],
    ['deep nesting', `2["room:leave",${'['.repeat(30_000)}${']'.repeat(30_000)}]`],
    ['an unknown packet type', '9'],
    ['an event without a name', '2[{}]'],
    ['a reserved name', '2["disconnect"]'],
    ['too many attachments', '599-["x",{"_placeholder":true,"num":0}]'],
    ['text in the middle of a binary event', '51-["x",{"_placeholder":true,"num":0}]'],
  ])('[SG6] a broken Socket.IO packet (%s): bad-request and dropped', async (_, packet) => {
    const { sender, receiver } = await openRoom();
    sender.socket.io.engine.write(packet);
    sender.socket.io.engine.write('20["x"]');
    expect(await sender.next('error:raised')).toEqual({ code: 'bad-request' });
    await sender.disconnected();
    expect(await receiver.next('room:closed')).toEqual({ reason: 'sender-left' });
    receiver.close();
    await expectUnharmed();
  });

  test('[SG6] what follows a malformed event in the same payload is not done', async () => {
    const polling = await openPolling(server.url);
    const rooms = server.app.registry.size;
    await polling.post(['420["nonsense"]', `421${createEvent(99)}`].join('\u001E'));
    expect(await polling.get()).toContain('430[{"ok":false,"error":{"code":"bad-request"}}]');
    expect(server.app.registry.size).toBe(rooms);
    await expectUnharmed();
  });

  test('[SG6] what is no Engine.IO ends its connection and its place', async () => {
    const polling = await openPolling(server.url);
    await polling.post(`420${createEvent(98)}`);
    const receiver = await open();
    await receiver.join(testLink(98));
    await polling.post('z');
    expect(await receiver.next('room:closed')).toEqual({ reason: 'sender-left' });
    receiver.close();
    await expectUnharmed();
  });

  test('[SG4] a message over 64 KiB ends its connection and its place', async () => {
    const { sender, receiver } = await openRoom();
    sender.socket.emit('room:leave', { more: 'x'.repeat(MAX_SIGNALING_MESSAGE_BYTES) });
    await sender.disconnected();
    expect(await receiver.next('room:closed')).toEqual({ reason: 'sender-left' });
    receiver.close();
    await expectUnharmed();
  });

  test('[SG4] a message of just under 64 KiB is read', async () => {
    const page = await open();
    const answer: unknown = await page.socket.emitWithAck('x', 'x'.repeat(64 * 1024 - 50));
    expect(answer).toEqual(badRequest);
    await page.disconnected();
  });

  test('[SG6] seeded junk of every shape drops its sender and nobody else', async () => {
    const names = fc.constantFrom('room:create', 'room:join', 'room:rejoin', 'signal:send');
    const name = fc.oneof(names, fc.string());
    const junk = fc.oneof(
      fc.jsonValue({ maxDepth: 3 }),
      fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes)),
      fc.record({ protocol: fc.constant(PROTOCOL_VERSION), roomId: fc.string() }),
      fc.record({ to: fc.string(), lane: fc.integer(), signal: fc.jsonValue({ maxDepth: 2 }) }),
    );
    const reserved = ['connect', 'connect_error', 'disconnect', 'disconnecting'];
    const emitter = ['newListener', 'removeListener'];
    await fc.assert(
      fc.asyncProperty(name, fc.array(junk, { maxLength: 4 }), fc.boolean(), async (...drawn) => {
        const [event, args, acknowledged] = drawn;
        fc.pre(![...reserved, ...emitter].includes(event));
        const page = await open();
        const answer = acknowledged ? page.socket.emitWithAck(event, ...args) : undefined;
        if (answer === undefined) page.socket.emit(event, ...args);
        const error: unknown = await (answer ?? page.next('error:raised'));
        expect(error).toEqual(acknowledged ? badRequest : { code: 'bad-request' });
        await page.disconnected();
      }),
      { seed: 20_260_102, numRuns: 150 },
    );
    await expectUnharmed();
  });
});

describe('unexpected errors', () => {
  test('are answered with server-error and logged without what was sent', async () => {
    const { roomId, joinVerifier } = testLink(1);
    const ids: RoomIds = {
      ...randomRoomIds,
      peerId: () => {
        throw new TypeError(`no id for ${roomId}`);
      },
    };
    const failing = await startTestServer({}, ids);
    const page = await new TestPage(failing.url).connected();
    const payload = { protocol: PROTOCOL_VERSION, roomId, joinVerifier };
    expect(await page.request('room:create', payload)).toEqual({
      ok: false,
      error: { code: 'server-error' },
    });
    expect(failing.errors).toHaveLength(1);
    expect(failing.errors.join('')).toMatch(/^room:create failed: TypeError at /);
    expect(failing.errors.join('')).not.toContain(roomId);
    page.close();
    await failing.stop();
  });
});
