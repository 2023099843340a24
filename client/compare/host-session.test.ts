import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { MeetingWorld } from '../testing/meeting-world.ts';
import { parseFragment } from '../share/link.ts';
import type { HostState } from './compare-state.ts';
import type { ControlMessage } from './control-message.ts';
import { HostSession, type HostTools } from './host-session.ts';

const WISH = {
  subject: { type: 'generated', bytes: 1_000 },
  methods: ['direct'],
  rounds: 1,
} as const;

const unused = (): never => expect.fail('not to be used without a run');

const open: HostSession[] = [];
let tick = () => {};

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => {
  for (const session of open.splice(0)) session.close();
  vi.useRealTimers();
});

/** A host, and a guest whom the test plays. */
async function meet() {
  const world = new MeetingWorld();
  const states: HostState[] = [];
  const tools: HostTools = {
    ...world.tools,
    startTicker: (onTick) => (tick = onTick),
    openRoom: unused,
    openReader: unused,
    uploads: { status: unused, delete: unused },
    openUploader: unused,
    probeUpload: unused,
    watchPageLoad: unused,
    predict: unused,
    keep: unused,
    onSecret: () => {},
    wallTime: () => 0,
    origin: 'https://onehop.test',
    agent: 'host',
  };
  const session = new HostSession(tools, {
    onChange: (state) => states.push(state),
    onOffer: () => {},
  });
  open.push(session);
  const state = () => states.at(-1) ?? expect.fail('no state');
  const reach = (type: HostState['type']) => vi.waitFor(() => expect(state().type).toBe(type));
  await reach('waiting');
  const waiting = state();
  const link = waiting.type === 'waiting' ? waiting.link : '';
  const join = async (page: string) => {
    const secret = parseFragment(new URL(link).hash) ?? expect.fail('no secret');
    const guest = await world.open('guest', secret);
    await vi.waitFor(() => expect(guest.present).toEqual([true]));
    guest.meeting.send({ type: 'greet', agent: 'guest', page });
    return guest;
  };
  return { world, session, state, reach, join };
}

const typesOf = ({ heard }: { heard: { message: ControlMessage }[] }) =>
  heard.map(({ message }) => message.type);

describe('the page of who compares', () => {
  test('waits for somebody, and is ready once a guest has greeted', async () => {
    const { reach, join } = await meet();
    const guest = await join('a'.repeat(16));
    await reach('ready');
    expect(typesOf(guest)).toEqual(['greet']);
  });

  test('asks, and is ready again when the guest declines', async () => {
    const { session, state, reach, join } = await meet();
    const guest = await join('a'.repeat(16));
    await reach('ready');
    session.compare(WISH);
    await reach('asking');
    await vi.waitFor(() => expect(typesOf(guest)).toContain('ask'));
    // An answer to another question is none to this one.
    guest.meeting.send({ type: 'answer', number: 0, agreed: true });
    guest.meeting.send({ type: 'answer', number: 1, agreed: false });
    await reach('ready');
    expect(state()).toMatchObject({ declined: true });
  });

  test('stops asking when it is to, or when the guest’s page is another one', async () => {
    const { session, reach, join } = await meet();
    const guest = await join('a'.repeat(16));
    await reach('ready');
    session.compare(WISH);
    await reach('asking');
    session.stop();
    await reach('ready');
    await vi.waitFor(() => expect(typesOf(guest)).toContain('stop'));
    session.compare(WISH);
    await reach('asking');
    guest.meeting.send({ type: 'greet', agent: 'guest', page: 'b'.repeat(16) });
    await reach('ready');
  });

  test('is ready again when the guest does not answer', async () => {
    const { session, state, reach, join } = await meet();
    await join('a'.repeat(16));
    await reach('ready');
    session.compare(WISH);
    await reach('asking');
    await vi.advanceTimersByTimeAsync(600_000);
    await reach('ready');
    expect(state()).toMatchObject({ declined: true });
  });

  test('goes on when a guest is away for a moment, and waits anew when it does not come back', async () => {
    const { world, reach, state, join } = await meet();
    await join('a'.repeat(16));
    await reach('ready');
    world.setGuestOnline(false);
    await vi.advanceTimersByTimeAsync(14_000);
    tick();
    expect(state().type).toBe('ready');
    world.setGuestOnline(true);
    await vi.advanceTimersByTimeAsync(2_000);
    tick();
    expect(state().type).toBe('ready');
    world.setGuestOnline(false);
    await vi.advanceTimersByTimeAsync(15_000);
    tick();
    await reach('waiting');
  });

  test('tells a guest that would stop something that there is nothing', async () => {
    const { reach, join } = await meet();
    const guest = await join('a'.repeat(16));
    await reach('ready');
    guest.meeting.send({ type: 'stop' });
    await vi.waitFor(() => expect(typesOf(guest)).toContain('stop'));
  });
});
