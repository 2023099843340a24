import { describe, expect, test, vi } from 'vitest';
import { MeetingWorld, type MeetingSide } from '../testing/meeting-world.ts';

async function meet(world = new MeetingWorld()) {
  const host = await world.open('host');
  const guest = await world.open('guest');
  await vi.waitFor(() => expect([host.present, guest.present]).toEqual([[true], [true]]));
  return { world, host, guest };
}

const lastOf = ({ heard }: MeetingSide) => heard.at(-1);

describe('a meeting', () => {
  test('brings what one says to the other, through the server and over a lane', async () => {
    const { host, guest } = await meet();
    host.meeting.send({ type: 'greet', agent: 'one', page: 'p'.repeat(16) });
    await vi.waitFor(() =>
      expect(lastOf(guest)).toEqual({
        message: { type: 'greet', agent: 'one', page: 'p'.repeat(16) },
        way: 'through-server',
      }),
    );
    await vi.waitFor(() => expect(guest.meeting.peerUp && host.meeting.peerUp).toBe(true));
    const text = { type: 'message', number: 1, text: 'over the lane' } as const;
    expect(guest.meeting.sendDirectly(text)).toBe(true);
    await vi.waitFor(() => expect(lastOf(host)).toEqual({ message: text, way: 'peer' }));
  });

  test('[NT3] answers a Hello over the way that it came', async () => {
    const { world, host, guest } = await meet();
    await vi.waitFor(() => expect(host.meeting.peerUp).toBe(true));
    const before = world.notes.length;
    await host.meeting.hello('peer');
    expect(world.notes.length).toBe(before);
    await host.meeting.hello('through-server');
    expect(world.notes.length).toBe(before + 2);
    await guest.meeting.hello('server');
    expect(world.notes.length).toBe(before + 2);
    expect(host.heard.concat(guest.heard)).toEqual([]);
  });

  test('without a lane says so, and a Hello over it fails', async () => {
    const world = new MeetingWorld();
    world.connects = false;
    const { host } = await meet(world);
    expect(host.meeting.sendDirectly({ type: 'bye' })).toBe(false);
    await expect(host.meeting.hello('peer')).rejects.toMatchObject({ reason: 'connection-lost' });
  });

  test('shows the server nothing of what is said, and passes over what it makes up', async () => {
    const { world, host, guest } = await meet();
    guest.meeting.send({ type: 'message', number: 1, text: 'a secret' });
    await vi.waitFor(() => expect(host.heard).toHaveLength(1));
    expect(world.notes.join()).not.toContain('secret');
    for (const note of world.notes) world.forge(note);
    world.forge('AAAA');
    guest.meeting.send({ type: 'stop' });
    await vi.waitFor(() => expect(lastOf(host)?.message).toEqual({ type: 'stop' }));
    expect(host.heard).toHaveLength(2);
  });

  test('is between two: whoever comes third is sent away', async () => {
    const { world, host, guest } = await meet();
    const third = await world.open('guest');
    await vi.waitFor(() => expect(third.present).toEqual([true]));
    third.meeting.send({ type: 'greet', agent: 'third', page: 'p'.repeat(16) });
    await vi.waitFor(() => expect(lastOf(third)?.message).toEqual({ type: 'bye' }));
    expect(host.heard).toEqual([]);
    guest.meeting.send({ type: 'stop' });
    await vi.waitFor(() => expect(lastOf(host)?.message).toEqual({ type: 'stop' }));
  });

  test('a guest that left while the host was offline makes room for the next', async () => {
    const { world, host } = await meet();
    world.loseGuest();
    world.blinkHost();
    expect(host.present.at(-1)).toBe(false);
    const next = await world.open('guest');
    await vi.waitFor(() => expect(next.present).toEqual([true]));
    next.meeting.send({ type: 'stop' });
    await vi.waitFor(() => expect(lastOf(host)?.message).toEqual({ type: 'stop' }));
  });

  test('a guest that is still there after the host was offline stays the one', async () => {
    const { world, host, guest } = await meet();
    world.blinkHost();
    expect(host.present.at(-1)).toBe(true);
    guest.meeting.send({ type: 'stop' });
    await vi.waitFor(() => expect(lastOf(host)?.message).toEqual({ type: 'stop' }));
  });

  test('arranges nothing over the lane, which is not sealed with the link', async () => {
    const { host, guest } = await meet();
    await vi.waitFor(() => expect(guest.meeting.peerUp && host.meeting.peerUp).toBe(true));
    for (const type of ['stop', 'bye'] as const) guest.meeting.sendDirectly({ type });
    const text = { type: 'message', number: 1, text: 'this is heard' } as const;
    guest.meeting.sendDirectly(text);
    await vi.waitFor(() => expect(host.heard).toEqual([{ message: text, way: 'peer' }]));
  });

  test('says good-bye when it is closed, and leaves nothing open', async () => {
    const { world, host, guest } = await meet();
    await vi.waitFor(() => expect(guest.meeting.peerUp && host.meeting.peerUp).toBe(true));
    guest.meeting.close();
    await vi.waitFor(() => expect(lastOf(host)?.message).toEqual({ type: 'bye' }));
    host.meeting.close();
    await vi.waitFor(() => expect(world.lanesOpen).toBe(0));
  });
});
