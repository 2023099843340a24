import { decodeBase64url, encodeBase64url } from '../encoding/base64url.ts';
import type { ErrorReason } from '../errors/error-reason.ts';
import { asOnehopError } from '../errors/onehop-error.ts';
import type { ShareSecret } from '../share/link.ts';
import { deriveNoteKey, deriveShareKeys } from '../share/share-keys.ts';
import type { CompareProgress, GuestActions, GuestState, Together } from './compare-state.ts';
import type { Comparison, ComparePlan } from './comparison.ts';
import { type ControlMessage, PAGE_ID_BYTES } from './control-message.ts';
import { Meeting, type MeetingTools } from './meeting.ts';
import { PROBE_BYTES } from './probe.ts';
import { asRunFailure } from './run-failures.ts';
import { RunReceiver, type RunReceiverTools } from './run-receiver.ts';
import { Talk } from './talk.ts';

/** How long the host may take to say what there is when the user stops, in milliseconds. */
const STOP_MS = 3_000;
/** How long the host may be out of reach before it has left, in milliseconds. */
const AWAY_MS = 15_000;

/** What the page of who takes part is made of. */
export interface GuestTools extends RunReceiverTools, MeetingTools {
  /** `navigator.userAgent` */
  readonly agent: string;
  /** milliseconds since 1970 */
  wallTime(): number;
}

/** The page of who was asked to take part: receives run after run, measures, and tells the host. */
export class GuestSession implements GuestActions {
  readonly #tools: GuestTools;
  readonly #onChange: (state: GuestState) => void;
  readonly #end = new AbortController();
  readonly #talk = new Talk();
  #state: GuestState = { type: 'joining' };
  #meeting: Meeting | null = null;
  #hostAgent = '';
  /** which of the host's questions is before the user */
  #question = 0;
  readonly #page = encodeBase64url(crypto.getRandomValues(new Uint8Array(PAGE_ID_BYTES)));
  #progress: CompareProgress | null = null;
  #run: { readonly id: number; readonly receiver: RunReceiver } | null = null;
  #awaySince: number | null = null;
  /** when the user stopped, until the host says what there is by then */
  #stoppedAt: number | null = null;
  /** how many runs and probes have begun */
  #begun = 0;

  /** @param onChange told every state, the first one included */
  constructor(tools: GuestTools, secret: ShareSecret, onChange: (state: GuestState) => void) {
    this.#tools = tools;
    this.#onChange = onChange;
    onChange(this.#state);
    tools.startTicker(() => this.#tick(), this.#end.signal);
    void this.#open(secret);
  }

  takePart(): void {
    if (this.#state.type !== 'asked') return;
    this.#stoppedAt = null;
    this.#begun = 0;
    this.#progress = begin(this.#state.plan, this.#hostAgent, this.#tools);
    this.#meeting?.send({ type: 'answer', number: this.#question, agreed: true });
    this.#set({ type: 'running', progress: this.#progress, together: this.#together });
  }

  decline(): void {
    if (this.#state.type !== 'asked') return;
    this.#meeting?.send({ type: 'answer', number: this.#question, agreed: false });
    this.#rest();
  }

  stop(): void {
    if (this.#state.type !== 'running') return;
    this.#dropRun();
    this.#stoppedAt ??= this.#tools.clock();
    this.#meeting?.send({ type: 'stop' });
  }

  say(text: string, way: 'peer' | 'through-server'): void {
    if (this.#meeting === null) return;
    this.#talk.say(text, way, this.#meeting);
    this.#refresh();
  }

  /** Whether something would be cut short if the page went away now. */
  get losesOnLeaving(): boolean {
    return this.#state.type === 'running';
  }

  /** Ends everything, as when the page goes away. */
  close(): void {
    this.#end.abort();
    this.#dropRun();
    this.#meeting?.close();
  }

  get #together(): Together {
    return { messages: this.#talk.messages, peerUp: this.#meeting?.peerUp ?? false };
  }

  async #open(secret: ShareSecret): Promise<void> {
    try {
      const [keys, noteKey] = await Promise.all([deriveShareKeys(secret), deriveNoteKey(secret)]);
      if (this.#end.signal.aborted) return;
      this.#meeting = new Meeting(this.#tools, 'guest', keys, noteKey, {
        onOpened: () => {},
        onOther: (present) => this.#onOther(present),
        onPeerUp: () => this.#refresh(),
        onMessage: (message, way) => this.#onMessage(message, way),
        onClosed: (reason) => this.#onClosed(reason),
      });
    } catch (error) {
      this.#fail(asOnehopError(error).reason);
    }
  }

  #onOther(present: boolean): void {
    this.#awaySince = present ? null : (this.#awaySince ?? this.#tools.clock());
    if (!present) return;
    this.#meeting?.send({ type: 'greet', agent: this.#tools.agent, page: this.#page });
    if (this.#state.type === 'joining') this.#rest();
  }

  #tick(): void {
    this.#meeting?.tick();
    const run = this.#run;
    run?.receiver.tick();
    if (run !== null && this.#run === run) {
      this.#meeting?.send({ type: 'progress', id: run.id, bytes: run.receiver.bytes });
    }
    const stopped = this.#stoppedAt;
    if (stopped !== null && this.#tools.clock() - stopped >= STOP_MS) this.#onStop();
    const away = this.#awaySince;
    if (away !== null && this.#tools.clock() - away >= AWAY_MS) this.#leave();
  }

  #onMessage(message: ControlMessage, way: 'peer' | 'through-server'): void {
    const meeting = this.#meeting;
    if (meeting === null || this.#end.signal.aborted) return;
    if (this.#talk.take(message, way, meeting)) {
      this.#refresh();
      return;
    }
    switch (message.type) {
      case 'greet':
        this.#hostAgent = message.agent;
        break;
      case 'ask':
        this.#dropRun();
        this.#question = message.number;
        this.#set({
          type: 'asked',
          plan: message.plan,
          together: this.#together,
        });
        break;
      case 'bye':
        this.#leave();
        break;
      case 'stop':
        this.#onStop();
        break;
      default:
        this.#onRunMessage(message);
    }
  }

  /** What is said during a comparison that this side agreed to; else it is passed over. */
  #onRunMessage(message: ControlMessage): void {
    if (this.#state.type !== 'running' || this.#progress === null) return;
    const { comparison } = this.#progress;
    switch (message.type) {
      case 'run':
        this.#startRun(message);
        break;
      case 'go':
        if (message.id === this.#run?.id) this.#run.receiver.go();
        break;
      case 'drop':
        if (message.id === this.#run?.id) this.#dropRun();
        break;
      case 'step': {
        const { step, fraction, leftMs } = message;
        this.#show({ comparison, step, fraction, leftMs });
        break;
      }
      case 'ran': {
        const most = comparison.plan.methods.length * comparison.plan.rounds;
        const runs = [...comparison.runs, message.run].slice(0, most);
        this.#show({ ...this.#progress, comparison: { ...comparison, runs } });
        break;
      }
      case 'over':
        this.#finish({ ...comparison, ...message.comparison });
        break;
      default:
    }
  }

  #startRun({ id, method, secret }: Extract<ControlMessage, { type: 'run' }>): void {
    this.#dropRun();
    const bytes = decodeBase64url(secret);
    const [meeting, plan] = [this.#meeting, this.#progress?.comparison.plan];
    if (bytes === null || meeting === null || plan === undefined) return;
    // More than was agreed to is not received: each way once a round, and once for the probe.
    this.#begun += 1;
    const most = plan.methods.length * (plan.rounds + 1);
    const agreed = plan.methods.includes(method) && this.#begun <= most;
    if (!agreed || this.#stoppedAt !== null) return;
    const mostBytes = Math.max(plan.subject.bytes, PROBE_BYTES);
    const receiver: RunReceiver = new RunReceiver(
      this.#tools,
      { method, secret: bytes, mostBytes },
      {
        onBegan: () => meeting.send({ type: 'began', id }),
        onReceived: (run) => {
          if (this.#run?.receiver === receiver) this.#run = null;
          meeting.send({ type: 'received', id, run });
        },
        onFailed: (reason) => {
          if (this.#run?.receiver === receiver) this.#run = null;
          meeting.send({ type: 'run-failed', id, reason: asRunFailure(reason) });
        },
      },
    );
    this.#run = { id, receiver };
  }

  #dropRun(): void {
    this.#run?.receiver.close();
    this.#run = null;
  }

  #onStop(): void {
    this.#stoppedAt = null;
    this.#dropRun();
    if (this.#state.type === 'asked' || this.#state.type === 'running') this.#rest();
  }

  #finish(comparison: Comparison): void {
    this.#dropRun();
    this.#stoppedAt = null;
    this.#progress = null;
    if (comparison.runs.length === 0) this.#rest();
    else this.#set({ type: 'done', comparison, together: this.#together });
  }

  #rest(): void {
    this.#progress = null;
    this.#set({ type: 'waiting', together: this.#together });
  }

  #show(progress: CompareProgress): void {
    this.#progress = progress;
    this.#set({ type: 'running', progress, together: this.#together });
  }

  /** The host has gone: what there is of a comparison stays to be looked at. */
  #leave(): void {
    this.#awaySince = null;
    this.#dropRun();
    this.#meeting?.close();
    this.#set({ type: 'ended', comparison: this.#shown });
    this.#end.abort();
  }

  /** What there is of a comparison; null where no run is over. */
  get #shown(): Comparison | null {
    if (this.#state.type === 'done') return this.#state.comparison;
    const comparison = this.#progress?.comparison ?? null;
    return comparison !== null && comparison.runs.length > 0 ? comparison : null;
  }

  #onClosed(reason: ErrorReason): void {
    if (reason === 'sender-stopped' || reason === 'sender-left') this.#leave();
    else this.#fail(reason);
  }

  #fail(reason: ErrorReason): void {
    this.#dropRun();
    this.#meeting?.close();
    this.#set({ type: 'failed', reason });
    this.#end.abort();
  }

  #refresh(): void {
    if ('together' in this.#state) this.#set({ ...this.#state, together: this.#together });
  }

  #set(state: GuestState): void {
    const over = this.#state.type === 'failed' || this.#state.type === 'ended';
    if (this.#end.signal.aborted || over) return;
    this.#state = state;
    this.#onChange(state);
  }
}

/** A comparison that has just begun, as the guest knows it. */
function begin(
  plan: ComparePlan,
  hostAgent: string,
  { agent, wallTime }: Pick<GuestTools, 'agent' | 'wallTime'>,
): CompareProgress {
  const comparison: Comparison = {
    version: 1,
    id: 'A'.repeat(16),
    at: wallTime(),
    plan,
    runs: [],
    hellos: [],
    predictions: [],
    stopped: false,
    root: null,
    sender: hostAgent,
    receiver: agent,
  };
  return { comparison, step: { type: 'hello', way: 'server' }, fraction: 0, leftMs: null };
}
