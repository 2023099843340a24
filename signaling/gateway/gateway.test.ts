import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  MAX_NOTE_LENGTH,
  MAX_RECEIVERS,
  PROTOCOL_VERSION,
  REJOIN_GRACE_MS,
} from '../protocol/limits.ts';
import { testLink } from '../testing/test-link.ts';
import { TestPage } from '../testing/test-page.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

const link = testLink(1);
const signal = { type: 'offer', sdp: 'v=0' };
const refused = (code: string) => ({ ok: false, error: { code } });

let server: TestServer;
let pages: TestPage[];

beforeEach(async () => {
  server = await startTestServer({ ICE_SERVERS: '[{"urls":"stun:stun.example.org"}]', LANES: '3' });
  pages = [];
});

afterEach(async () => {
  for (const page of pages) page.close();
  await server.stop();
  if (server.errors.length > 0) throw new Error(server.errors.join('\n'));
});

async function open(): Promise<TestPage> {
  const page = new TestPage(server.url);
  pages.push(page);
  return page.connected();
}

async function openPair(shared = link) {
  const [sender, receiver] = [await open(), await open()];
  const senderPlace = await sender.create(shared);
  const receiverPlace = await receiver.join(shared);
  await sender.next('peer:joined');
  return { sender, receiver, senderPlace, receiverPlace };
}

/** Cuts the network connection without a word of Socket.IO. */
function cut(page: TestPage): Promise<void> {
  page.socket.io.engine.close();
  return page.disconnected();
}

describe('meeting', () => {
  test('[SG1] sender and receiver find each other, and both get the ICE servers and how many lanes they may use', async () => {
    const { senderPlace, receiverPlace } = await openPair();
    expect(receiverPlace.sender).toEqual({ peerId: senderPlace.peerId, online: true });
    const iceServers = [{ urls: 'stun:stun.example.org' }];
    expect(senderPlace).toMatchObject({ iceServers, maxLanes: 3 });
    expect(receiverPlace).toMatchObject({ iceServers, maxLanes: 3 });
  });

  test('[SG2] a wrong proof gets share-not-found and stays connected', async () => {
    const { sender } = await openPair();
    const stranger = await open();
    const { roomId } = link;
    const { joinProof } = testLink(2);
    const payload = { protocol: PROTOCOL_VERSION, roomId, joinProof };
    expect(await stranger.request('room:join', payload)).toEqual(refused('share-not-found'));
    expect(stranger.socket.connected).toBe(true);
    expect(await sender.left()).toEqual([]);
  });

  test('[SG1] the ninth receiver gets share-full', async () => {
    const sender = await open();
    await sender.create(link);
    for (let number = 0; number < MAX_RECEIVERS; number += 1) await (await open()).join(link);
    const { roomId, joinProof } = link;
    const payload = { protocol: PROTOCOL_VERSION, roomId, joinProof };
    expect(await (await open()).request('room:join', payload)).toEqual(refused('share-full'));
  });

  test('[SG8] another protocol version gets protocol-mismatch, whatever its requests look like', async () => {
    const page = await open();
    for (const name of ['room:create', 'room:join', 'room:rejoin']) {
      const answer = await page.request(name, { protocol: PROTOCOL_VERSION + 1, shape: 'new' });
      expect(answer).toEqual(refused('protocol-mismatch'));
    }
    expect(page.socket.connected).toBe(true);
  });
});

describe('signals', () => {
  test('[SG3] go both ways, only to the addressed page, with the sender the server knows', async () => {
    const { sender, receiver, senderPlace, receiverPlace } = await openPair();
    const bystander = await open();
    await bystander.join(link);
    const there = { to: senderPlace.peerId, lane: 3, signal };
    expect(await receiver.request('signal:send', there)).toEqual({ ok: true, value: {} });
    const stamped = { from: receiverPlace.peerId, lane: 3, signal };
    expect(await sender.next('signal:relayed')).toEqual(stamped);
    await sender.request('signal:send', { to: receiverPlace.peerId, lane: 3, signal });
    const back = { from: senderPlace.peerId, lane: 3, signal };
    expect(await receiver.next('signal:relayed')).toEqual(back);
    expect(await bystander.left()).toEqual([]);
  });

  test('[SG3] do not reach another room', async () => {
    const { sender } = await openPair();
    const other = await openPair(testLink(2));
    const payload = { to: other.receiverPlace.peerId, lane: 0, signal };
    expect(await sender.request('signal:send', payload)).toEqual(refused('peer-not-found'));
    expect(await other.receiver.left()).toEqual([]);
  });
});

describe('notes', () => {
  test('[SG10] go as signals do: to the addressed member, stamped with who sent them', async () => {
    const { sender, receiver, senderPlace, receiverPlace } = await openPair();
    const bystander = await open();
    await bystander.join(link);
    const sent = { to: senderPlace.peerId, note: 'c2VhbGVk' };
    expect(await receiver.request('note:send', sent)).toEqual({ ok: true, value: {} });
    const stamped = { from: receiverPlace.peerId, note: 'c2VhbGVk' };
    expect(await sender.next('note:relayed')).toEqual(stamped);
    expect(await bystander.left()).toEqual([]);
    const other = await openPair(testLink(2));
    const away = { to: other.receiverPlace.peerId, note: 'c2VhbGVk' };
    expect(await sender.request('note:send', away)).toEqual(refused('peer-not-found'));
    expect(await other.receiver.left()).toEqual([]);
  });

  test('[SG10] one that is too long, or no base64url, is malformed', async () => {
    for (const note of ['', 'not sealed!', 'A'.repeat(MAX_NOTE_LENGTH + 1)]) {
      const page = await open();
      const to = 'p'.repeat(16);
      expect(await page.request('note:send', { to, note })).toEqual(refused('bad-request'));
      await page.disconnected();
    }
  });

  test('[SG11] the server answers a Hello of a member by itself', async () => {
    const { sender, receiver } = await openPair();
    const hello = { hello: 'Hello' } as const;
    expect(await sender.request('hello:say', hello)).toEqual({ ok: true, value: hello });
    expect(await receiver.left()).toEqual([]);
    const stranger = await open();
    expect(await stranger.request('hello:say', hello)).toEqual(refused('not-in-room'));
  });
});

describe('lost connections', () => {
  test('[SG5] a receiver rejoins by its token, and its sender hears it go and come', async () => {
    const { sender, receiver, senderPlace, receiverPlace } = await openPair();
    const { peerId, token } = receiverPlace;
    await cut(receiver);
    expect(await sender.next('peer:offline')).toEqual({ peerId });
    const again = await open();
    const payload = { protocol: PROTOCOL_VERSION, roomId: link.roomId, token };
    expect(await again.request('room:rejoin', payload)).toEqual({
      ok: true,
      value: {
        peers: [{ peerId: senderPlace.peerId, online: true }],
        uploads: true,
        upload: null,
      },
    });
    expect(await sender.next('peer:online')).toEqual({ peerId });
    await sender.request('signal:send', { to: peerId, lane: 0, signal });
    expect(await again.next('signal:relayed')).toMatchObject({ from: senderPlace.peerId });
  });

  test('[SG5] a sender that rejoins while its old socket is believed connected takes its place', async () => {
    const { sender, receiver, senderPlace, receiverPlace } = await openPair();
    const again = await open();
    const { token, peerId } = senderPlace;
    const payload = { protocol: PROTOCOL_VERSION, roomId: link.roomId, token };
    expect(await again.request('room:rejoin', payload)).toEqual({
      ok: true,
      value: {
        peers: [{ peerId: receiverPlace.peerId, online: true }],
        uploads: true,
        upload: null,
      },
    });
    await sender.disconnected();
    await receiver.request('signal:send', { to: peerId, lane: 0, signal });
    expect(await again.next('signal:relayed')).toMatchObject({ from: receiverPlace.peerId });
    expect(await receiver.left()).toEqual([]);
  });

  test('[SG5] who stays away longer than the grace has left', async () => {
    const { sender, receiver, receiverPlace } = await openPair();
    const { peerId, token } = receiverPlace;
    await cut(receiver);
    await sender.next('peer:offline');
    server.clock.advance(REJOIN_GRACE_MS);
    expect(await sender.next('peer:left')).toEqual({ peerId });
    const payload = { protocol: PROTOCOL_VERSION, roomId: link.roomId, token };
    expect(await (await open()).request('room:rejoin', payload)).toEqual(refused('rejoin-refused'));
  });

  test('[SG7] a sender that stays away ends the room: sender-left', async () => {
    const { sender, receiver, senderPlace } = await openPair();
    await cut(sender);
    expect(await receiver.next('peer:offline')).toEqual({ peerId: senderPlace.peerId });
    server.clock.advance(REJOIN_GRACE_MS);
    expect(await receiver.next('room:closed')).toEqual({ reason: 'sender-left' });
    expect(server.app.registry.size).toBe(0);
  });
});

describe('the end of a room', () => {
  test('[SG7] its sender leaves: sender-stopped', async () => {
    const { sender, receiver } = await openPair();
    expect(await sender.request('room:leave', {})).toEqual({ ok: true, value: {} });
    expect(await receiver.next('room:closed')).toEqual({ reason: 'sender-stopped' });
    expect(await sender.request('room:leave', {})).toEqual(refused('not-in-room'));
  });

  test('[SG7] its lifetime ends: share-expired, to everyone', async () => {
    const { sender, receiver } = await openPair();
    server.clock.advance(24 * 3_600_000);
    expect(await receiver.next('room:closed')).toEqual({ reason: 'share-expired' });
    expect(await sender.next('room:closed')).toEqual({ reason: 'share-expired' });
  });

  test('a receiver that leaves is missed by its sender only', async () => {
    const { sender, receiver, receiverPlace } = await openPair();
    await receiver.request('room:leave', {});
    expect(await sender.next('peer:left')).toEqual({ peerId: receiverPlace.peerId });
  });
});
