import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { MeetingWorld } from '../testing/meeting-world.ts';
import { makePlan } from '../testing/make-comparison.ts';
import { SECRET_BYTES } from '../share/link.ts';
import type { GuestState } from './compare-state.ts';
import type { ControlMessage } from './control-message.ts';
import { GuestSession, type GuestTools } from './guest-session.ts';

const PLAN = makePlan(['direct', 'stored'], 1);
const LEG = { startMs: 5, bytesPerSecond: 1e6, noise: 0 };
const RUN = { type: 'run', id: 1, method: 'stored', secret: 'A'.repeat(22) } as const;

const unused = (): never => expect.fail('not to be used');

let session: GuestSession | null = null;
let tick = () => {};

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => {
  session?.close();
  vi.useRealTimers();
});

/** A guest, and a host whom the test plays. */
async function meet() {
  const world = new MeetingWorld();
  const host = await world.open('host');
  const states: GuestState[] = [];
  const probeDownload = vi.fn<GuestTools['probeDownload']>(async () => LEG);
  const openStore = vi.fn<GuestTools['openStore']>(() => new Promise(() => {}));
  const tools: GuestTools = {
    ...world.tools,
    startTicker: (onTick) => (tick = onTick),
    openRoom: unused,
    openServerSource: unused,
    probeDownload,
    openStore,
    watchPageLoad: () => ({ stop: () => null }),
    agent: 'guest',
    wallTime: () => 0,
  };
  const guest = new GuestSession(tools, new Uint8Array(SECRET_BYTES), (state) =>
    states.push(state),
  );
  session = guest;
  const state = () => states.at(-1) ?? expect.fail('no state');
  const reach = (type: GuestState['type']) => vi.waitFor(() => expect(state().type).toBe(type));
  await reach('waiting');
  const say = (message: ControlMessage) => host.meeting.send(message);
  const told = (message: object) =>
    vi.waitFor(() => expect(host.heard.map((one) => one.message)).toContainEqual(message));
  return { host, guest, state, reach, say, told, probeDownload, openStore };
}

describe('the page of who takes part', () => {
  test('is asked, and may decline', async () => {
    const { guest, reach, say, told, openStore } = await meet();
    say({ type: 'ask', number: 3, plan: PLAN });
    await reach('asked');
    guest.decline();
    await told({ type: 'answer', number: 3, agreed: false });
    await reach('waiting');
    expect(openStore).not.toHaveBeenCalled();
  });

  test('receives nothing that it has not agreed to', async () => {
    const { guest, state, reach, say, told, openStore } = await meet();
    say(RUN);
    say({ type: 'ask', number: 3, plan: PLAN });
    await reach('asked');
    say(RUN);
    say({ type: 'message', number: 1, text: 'last of it' });
    await told({ type: 'shown', number: 1 });
    expect(state().type).toBe('asked');
    expect(openStore).not.toHaveBeenCalled();
    guest.takePart();
    await told({ type: 'answer', number: 3, agreed: true });
    say(RUN);
    await vi.waitFor(() => expect(openStore).toHaveBeenCalledOnce());
  });

  test('receives no way that was not agreed to, and no more runs than that', async () => {
    const { guest, reach, say, told, openStore } = await meet();
    say({ type: 'ask', number: 3, plan: PLAN });
    await reach('asked');
    guest.takePart();
    await told({ type: 'answer', number: 3, agreed: true });
    say({ ...RUN, method: 'streamed' });
    // Two ways in one round, and a probe of one.
    for (let id = 2; id < 9; id += 1) say({ ...RUN, id });
    say({ type: 'message', number: 1, text: 'last of it' });
    await told({ type: 'shown', number: 1 });
    expect(openStore).toHaveBeenCalledTimes(3);
  });

  test('probes its line from the server once, where a way by the server was agreed to', async () => {
    const { guest, reach, say, told, probeDownload } = await meet();
    say({ type: 'ask', number: 3, plan: PLAN });
    await reach('asked');
    say({ type: 'probe-line' });
    say({ type: 'message', number: 1, text: 'not yet' });
    await told({ type: 'shown', number: 1 });
    expect(probeDownload).not.toHaveBeenCalled();
    guest.takePart();
    await told({ type: 'answer', number: 3, agreed: true });
    say({ type: 'probe-line' });
    await told({ type: 'line-probed', leg: LEG });
    say({ type: 'probe-line' });
    say({ type: 'message', number: 2, text: 'last of it' });
    await told({ type: 'shown', number: 2 });
    expect(probeDownload).toHaveBeenCalledOnce();
  });

  test('stops at once, and rests also where the host says nothing', async () => {
    const { guest, reach, say, told, openStore } = await meet();
    say({ type: 'ask', number: 3, plan: PLAN });
    await reach('asked');
    guest.takePart();
    guest.stop();
    say(RUN);
    await told({ type: 'stop' });
    await vi.advanceTimersByTimeAsync(3_000);
    tick();
    await reach('waiting');
    expect(openStore).not.toHaveBeenCalled();
  });

  test('gives a run up that cannot begin, and says so', async () => {
    const { guest, reach, say, told, openStore } = await meet();
    say({ type: 'ask', number: 3, plan: PLAN });
    await reach('asked');
    guest.takePart();
    say(RUN);
    await vi.waitFor(() => expect(openStore).toHaveBeenCalledOnce());
    await vi.advanceTimersByTimeAsync(25_000);
    await told({ type: 'run-failed', id: 1, reason: 'storage-failed' });
  });

  test('shows what the host shows, and has what came of it', async () => {
    const { guest, state, reach, say } = await meet();
    say({ type: 'ask', number: 3, plan: PLAN });
    await reach('asked');
    guest.takePart();
    const outcome = { type: 'failed', reason: 'connect-timeout' } as const;
    say({ type: 'step', step: { type: 'hello', way: 'peer' }, fraction: 0.25, leftMs: 5 });
    await vi.waitFor(() => expect(state()).toMatchObject({ progress: { fraction: 0.25 } }));
    say({ type: 'ran', run: { round: 0, method: 'direct', outcome } });
    say({
      type: 'over',
      comparison: {
        version: 1,
        id: 'c'.repeat(16),
        at: 7,
        hellos: [],
        predictions: [],
        stopped: false,
        root: null,
        sender: 'host',
        receiver: 'guest',
      },
    });
    await reach('done');
    expect(state()).toMatchObject({
      comparison: { id: 'c'.repeat(16), plan: PLAN, runs: [{ outcome }] },
    });
  });

  test('keeps what there is of a comparison whose host leaves in its middle', async () => {
    const { guest, state, reach, say } = await meet();
    say({ type: 'ask', number: 3, plan: PLAN });
    await reach('asked');
    guest.takePart();
    const outcome = { type: 'failed', reason: 'connect-timeout' } as const;
    say({ type: 'ran', run: { round: 0, method: 'direct', outcome } });
    say({ type: 'bye' });
    await reach('ended');
    expect(state()).toMatchObject({ comparison: { stopped: true, runs: [{ outcome }] } });
  });

  test('rests when the host stops, and ends when it leaves', async () => {
    const { guest, state, reach, say, told } = await meet();
    say({ type: 'ask', number: 3, plan: PLAN });
    await reach('asked');
    guest.takePart();
    await reach('running');
    guest.stop();
    await told({ type: 'stop' });
    say({ type: 'stop' });
    await reach('waiting');
    say({ type: 'bye' });
    await reach('ended');
    tick();
    expect(state()).toEqual({ type: 'ended', comparison: null });
  });
});
