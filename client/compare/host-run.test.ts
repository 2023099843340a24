import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { OnehopError } from '../errors/onehop-error.ts';
import type { CompareMethod } from './comparison.ts';
import type { ControlMessage, ReceivedRun } from './control-message.ts';
import { HostRun, type RunNews } from './host-run.ts';
import { Mailbox } from './mailbox.ts';
import type { RunSenderListener } from './run-sender.ts';

const RECEIVED: ReceivedRun = {
  connectMs: 20,
  firstByteMs: 10,
  transferMs: 300,
  verifyMs: 5,
  path: null,
  roundTripMs: null,
  lanes: 0,
  travelledBytes: 1_100,
  samples: [],
  sinkBusy: 0.5,
  busy: null,
  root: 'r'.repeat(43),
};

const manifest = { entries: [], totalBytes: 1_000, pieceCount: 1, firstPieces: [0] };
const subject = { manifest, digest: new Uint8Array(32), files: [] };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A run whose guest and sender the test plays. */
function start(method: CompareMethod) {
  const said: ControlMessage[] = [];
  const mail = new Mailbox<RunNews>();
  const calls: string[] = [];
  let listener: RunSenderListener | null = null;
  const sender = {
    begin: () => calls.push('begin'),
    tick: () => {},
    measure: () => ({ uploadMs: method === 'stored' ? 400 : null, uploadSamples: [], busy: 0.25 }),
    close: () => calls.push('close'),
    uploaded: 0.5,
    uploadsFirst: method === 'stored',
  };
  const run = new HostRun(
    {
      send: (message) => said.push(message),
      clock: () => performance.now(),
      openSender: (_method, _subject, _secret, heard) => {
        listener = heard;
        return sender;
      },
    },
    7,
    method,
    subject,
    mail,
  );
  const stop = new AbortController();
  const made = run.make(stop.signal);
  made.catch(() => {});
  const heard = () => listener ?? expect.fail('no sender');
  const say = async (message: ControlMessage) => {
    run.note(message);
    mail.put({ type: 'heard', message });
    await vi.advanceTimersByTimeAsync(0);
  };
  const open = async () => {
    heard().onOpen();
    await vi.advanceTimersByTimeAsync(0);
  };
  return { run, said, calls, made, stop, say, open, heard };
}

const types = (said: readonly ControlMessage[]) => said.map(({ type }) => type);

describe('a run', () => {
  test('[NT4] direct: begins once both are ready; its time is the guest’s', async () => {
    const { said, calls, made, say, open } = start('direct');
    expect(said).toEqual([]);
    await open();
    expect(types(said)).toEqual(['run']);
    expect(calls).toEqual([]);
    await say({ type: 'began', id: 7 });
    expect(calls).toEqual(['begin']);
    await say({ type: 'received', id: 7, run: RECEIVED });
    const { outcome, root } = await made;
    expect(root).toBe(RECEIVED.root);
    expect(outcome).toMatchObject({
      type: 'done',
      times: { totalMs: 335, uploadMs: null },
      serverBytes: 0,
      uplinkBytes: 1_100,
      senderBusy: 0.25,
    });
    expect(calls).toEqual(['begin', 'close']);
  });

  test('[NT4] stored: the host’s time over the upload, and then the guest’s', async () => {
    const { run, said, made, say, open, heard } = start('stored');
    await open();
    await say({ type: 'began', id: 7 });
    expect(run.view).toEqual({ leg: 'upload', fraction: 0.5 });
    expect(types(said)).toEqual(['run']);
    heard().onServerHas();
    await vi.advanceTimersByTimeAsync(0);
    expect(types(said)).toEqual(['run', 'go']);
    await say({ type: 'received', id: 7, run: RECEIVED });
    expect((await made).outcome).toMatchObject({
      times: { totalMs: 735, uploadMs: 400 },
      serverBytes: 2_200,
    });
  });

  test('says how much has come of it, from the first news on', async () => {
    const { run, say, open } = start('direct');
    await open();
    expect(run.partial).toBeNull();
    await say({ type: 'began', id: 7 });
    await say({ type: 'progress', id: 7, bytes: 0 });
    expect(run.partial).toBeNull();
    await vi.advanceTimersByTimeAsync(800);
    await say({ type: 'progress', id: 7, bytes: 100 });
    expect(run.partial).toEqual({ bytes: 100, ms: 800 });
    for (const bytes of [200, 350]) {
      await vi.advanceTimersByTimeAsync(500);
      await say({ type: 'progress', id: 7, bytes });
    }
    expect(run.partial).toEqual({ bytes: 250, ms: 1_000 });
  });

  test('what another run is told does not count', async () => {
    const { run, calls, say, open } = start('direct');
    await open();
    await say({ type: 'began', id: 6 });
    await say({ type: 'progress', id: 6, bytes: 900 });
    expect(calls).toEqual([]);
    await say({ type: 'progress', id: 7, bytes: 250 });
    expect(run.view).toEqual({ leg: 'whole', fraction: 0.25 });
  });

  test.each<[string, (run: ReturnType<typeof start>) => unknown, string]>([
    [
      'the guest',
      ({ say }) => say({ type: 'run-failed', id: 7, reason: 'storage-full' }),
      'storage-full',
    ],
    ['the sender', ({ heard }) => heard().onFailed('source-changed'), 'source-changed'],
    [
      'a guest that has fallen silent',
      async ({ run, say }) => {
        await say({ type: 'began', id: 7 });
        await vi.advanceTimersByTimeAsync(29_000);
        run.tick();
        await say({ type: 'progress', id: 7, bytes: 1 });
        await vi.advanceTimersByTimeAsync(29_000);
        run.tick();
        await vi.advanceTimersByTimeAsync(2_000);
        run.tick();
      },
      'peer-silent',
    ],
    ['nobody, for too long', () => vi.advanceTimersByTimeAsync(30_000), 'connect-timeout'],
  ])('that %s ends is a failed one, and is given up on both sides', async (_, end, reason) => {
    const started = start('direct');
    await started.open();
    await end(started);
    expect(await started.made).toEqual({ outcome: { type: 'failed', reason }, root: null });
    expect(started.said.at(-1)).toEqual({ type: 'drop', id: 7 });
    expect(started.calls.at(-1)).toBe('close');
  });

  test('that is stopped comes to nothing, and is given up on both sides', async () => {
    const { made, stop, said, calls, open } = start('direct');
    await open();
    stop.abort(new OnehopError('sender-cancelled'));
    await expect(made).rejects.toMatchObject({ reason: 'sender-cancelled' });
    expect(said.at(-1)).toEqual({ type: 'drop', id: 7 });
    expect(calls).toEqual(['close']);
    expect(vi.getTimerCount()).toBe(0);
  });
});
