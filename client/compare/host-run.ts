import { encodeBase64url } from '../encoding/base64url.ts';
import { asOnehopError, OnehopError } from '../errors/onehop-error.ts';
import { type ShareSecret, createSecret } from '../share/link.ts';
import { type CompareMethod, type RunOutcome, isByServer } from './comparison.ts';
import type { ControlMessage, ReceivedRun } from './control-message.ts';
import type { Mailbox } from './mailbox.ts';
import type { CutProbe } from './probe.ts';
import type { CompareSubject, RunSender, RunSenderListener } from './run-sender.ts';

/** How long the other side may take to get ready, and to say that it has everything, in milliseconds. */
const READY_MS = 30_000;
const RUN_MS = 24 * 3_600_000;
/** The other side says twice a second how far it is; silent for so long, it has lost the run. In milliseconds. */
const SILENT_MS = 30_000;

/** What happens during a run, on either side. */
export type RunNews =
  | { readonly type: 'opened' | 'server-has' }
  | { readonly type: 'broken'; readonly error: OnehopError }
  | { readonly type: 'heard'; readonly message: ControlMessage };

/** The sending side of a run, as its host uses it. */
export type RunSenderHandle = Pick<
  RunSender,
  'begin' | 'tick' | 'measure' | 'close' | 'uploaded' | 'uploadsFirst'
>;

/** What a run is made with. */
export interface HostRunTools {
  send(message: ControlMessage): void;
  /** in ms of a monotonic clock */
  clock(): number;
  openSender(
    method: CompareMethod,
    subject: CompareSubject,
    secret: ShareSecret,
    listener: RunSenderListener,
  ): RunSenderHandle;
}

/** A run under way, as it is shown. */
export interface RunView {
  readonly leg: 'upload' | 'download' | 'whole';
  readonly fraction: number;
}

/** One run from the host's side: opens its share, has the guest receive it, and puts together what both measured. */
export class HostRun {
  readonly #tools: HostRunTools;
  readonly #id: number;
  readonly #method: CompareMethod;
  readonly #subject: CompareSubject;
  readonly #mail: Mailbox<RunNews>;
  #sender: RunSenderHandle | null = null;
  #bytes = 0;
  /** whether the guest was told that the server has something */
  #went = false;
  /** when the guest said something of this run; null before it began */
  #heardAt: number | null = null;
  #beganAt: number | null = null;
  /** what the guest said first, and last, that it has, where that was something */
  #firstNews: { readonly at: number; readonly bytes: number } | null = null;
  #lastNews: { readonly at: number; readonly bytes: number } | null = null;

  /** @param id no other run of this comparison has it @param mail what the guest says comes in here */
  constructor(
    tools: HostRunTools,
    id: number,
    method: CompareMethod,
    subject: CompareSubject,
    mail: Mailbox<RunNews>,
  ) {
    this.#tools = tools;
    this.#id = id;
    this.#method = method;
    this.#subject = subject;
    this.#mail = mail;
  }

  /** How much of it came by now, and in how long: from the first news of it, or, where there was one only, from when the guest was ready. Null before any. */
  get partial(): CutProbe | null {
    const [first, last] = [this.#firstNews, this.#lastNews];
    if (first === null || last === null || this.#beganAt === null) return null;
    return last.bytes > first.bytes
      ? { bytes: last.bytes - first.bytes, ms: last.at - first.at }
      : { bytes: first.bytes, ms: first.at - this.#beganAt };
  }

  /** How far it is. */
  get view(): RunView {
    const { totalBytes } = this.#subject.manifest;
    const received = totalBytes === 0 ? 0 : Math.min(1, this.#bytes / totalBytes);
    if (this.#method !== 'stored') return { leg: 'whole', fraction: received };
    return this.#sender?.uploadsFirst === true
      ? { leg: 'upload', fraction: this.#sender.uploaded }
      : { leg: 'download', fraction: received };
  }

  /** Looks at the clock; to be called about twice a second. */
  tick(): void {
    this.#sender?.tick();
    const silent = this.#heardAt !== null && this.#tools.clock() - this.#heardAt > SILENT_MS;
    // A note that was lost on the way is said again: it means the same twice.
    if (this.#went && this.#bytes === 0) this.#tools.send({ type: 'go', id: this.#id });
    if (silent) this.#mail.put({ type: 'broken', error: new OnehopError('peer-silent') });
  }

  /** Notes what the guest has. */
  note(message: ControlMessage): void {
    if (!('id' in message) || message.id !== this.#id) return;
    this.#heardAt = this.#tools.clock();
    if (message.type === 'began') this.#beganAt ??= this.#tools.clock();
    if (message.type !== 'progress') return;
    this.#bytes = message.bytes;
    if (message.bytes === 0) return;
    this.#lastNews = { at: this.#heardAt, bytes: message.bytes };
    this.#firstNews ??= this.#lastNews;
  }

  /**
   * Makes the run.
   * @returns what came of it, and the root hash that the guest had
   * @throws what `signal` was aborted with
   */
  async make(
    signal: AbortSignal,
  ): Promise<{ readonly outcome: RunOutcome; readonly root: string | null }> {
    const secret = createSecret();
    const sender = this.#tools.openSender(this.#method, this.#subject, secret, {
      onOpen: () => this.#mail.put({ type: 'opened' }),
      onServerHas: () => this.#mail.put({ type: 'server-has' }),
      onFailed: (reason) => this.#mail.put({ type: 'broken', error: new OnehopError(reason) }),
    });
    this.#sender = sender;
    try {
      const received = await this.#carryOut(sender, secret, signal);
      return { outcome: outcomeOf(this.#method, received, sender), root: received.root };
    } catch (error) {
      this.#tools.send({ type: 'drop', id: this.#id });
      signal.throwIfAborted();
      return { outcome: { type: 'failed', reason: asOnehopError(error).reason }, root: null };
    } finally {
      sender.close();
    }
  }

  async #carryOut(
    sender: RunSenderHandle,
    secret: ShareSecret,
    signal: AbortSignal,
  ): Promise<ReceivedRun> {
    const id = this.#id;
    const end = new AbortController();
    const both = AbortSignal.any([signal, end.signal]);
    const wait = <Picked>(pick: (news: RunNews) => Picked | null, limitMs: number) => {
      const come = this.#mail.next(pick, { signal: both, limitMs, late: 'connect-timeout' });
      // What ends the run first may leave others waiting.
      come.catch(() => {});
      return come;
    };
    // Whatever is waited for, a failure on either side ends it.
    const failed = wait(failureOf(id), RUN_MS).then((error) => {
      throw error;
    });
    failed.catch(() => {});
    const received = wait(receivedOf(id), RUN_MS);
    const serverHas = wait((news) => (news.type === 'server-has' ? true : null), RUN_MS);
    try {
      await Promise.race([
        failed,
        wait((news) => (news.type === 'opened' ? true : null), READY_MS),
      ]);
      const began = wait(heard('began', id), READY_MS);
      this.#tools.send({ type: 'run', id, method: this.#method, secret: encodeBase64url(secret) });
      await Promise.race([failed, began]);
      sender.begin();
      if (isByServer(this.#method)) {
        await Promise.race([failed, serverHas]);
        this.#went = true;
        this.#tools.send({ type: 'go', id });
      }
      return await Promise.race([failed, received]);
    } finally {
      end.abort(new OnehopError('receiver-left'));
    }
  }
}

function heard(type: ControlMessage['type'], id: number) {
  return (news: RunNews): true | null =>
    news.type === 'heard' &&
    news.message.type === type &&
    'id' in news.message &&
    news.message.id === id
      ? true
      : null;
}

function receivedOf(id: number) {
  return (news: RunNews): ReceivedRun | null =>
    news.type === 'heard' && news.message.type === 'received' && news.message.id === id
      ? news.message.run
      : null;
}

function failureOf(id: number) {
  return (news: RunNews): OnehopError | null => {
    if (news.type === 'broken') return news.error;
    if (news.type !== 'heard' || news.message.type !== 'run-failed') return null;
    return news.message.id === id ? new OnehopError(news.message.reason) : null;
  };
}

/** Both sides' figures as one. Stored: the upload by the sender's clock and the download by the receiver's, one after the other. */
function outcomeOf(
  method: CompareMethod,
  received: ReceivedRun,
  sender: RunSenderHandle,
): RunOutcome {
  const { connectMs, firstByteMs, transferMs, verifyMs, travelledBytes } = received;
  const { uploadMs, uploadSamples, busy } = sender.measure();
  return {
    type: 'done',
    times: {
      totalMs: (uploadMs ?? 0) + connectMs + firstByteMs + transferMs + verifyMs,
      uploadMs,
      connectMs,
      firstByteMs,
      transferMs,
      verifyMs,
    },
    serverBytes: isByServer(method) ? 2 * travelledBytes : 0,
    uplinkBytes: travelledBytes,
    path: received.path,
    roundTripMs: received.roundTripMs,
    lanes: received.lanes,
    samples: received.samples,
    uploadSamples: [...uploadSamples],
    sinkBusy: received.sinkBusy,
    receiverBusy: received.busy,
    senderBusy: busy,
  };
}
