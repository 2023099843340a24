import { decodeBase64url } from '../encoding/base64url.ts';
import type { CompareProgress } from './compare-state.ts';
import { type Comparison, type ComparePlan, isByServer } from './comparison.ts';
import type { ReceiveTools } from '../session/receive-tools.ts';
import type { ControlMessage } from './control-message.ts';
import { PROBE_BYTES } from './probe.ts';
import { asRunFailure } from './run-failures.ts';
import { RunReceiver, type RunReceiverTools } from './run-receiver.ts';

/** What a guest's part in a comparison is made of. */
export interface GuestComparisonTools
  extends RunReceiverTools, Pick<ReceiveTools, 'probeDownload'> {
  /** milliseconds since 1970 */
  wallTime(): number;
}

/** What the user agreed to, and with whom. */
export interface GuestOrder {
  readonly plan: ComparePlan;
  /** `navigator.userAgent` of both */
  readonly agents: Pick<Comparison, 'sender' | 'receiver'>;
}

/** What it tells its owner. */
export interface GuestComparisonListener {
  send(message: ControlMessage): void;
  onProgress(progress: CompareProgress): void;
  /** the host says that it is over */
  onOver(comparison: Comparison): void;
}

/** A comparison from the guest's side: receives run after run as the host says, but no more than the user agreed to. */
export class GuestComparison {
  readonly #tools: GuestComparisonTools;
  readonly #listener: GuestComparisonListener;
  readonly #plan: ComparePlan;
  #progress: CompareProgress;
  #run: { readonly id: number; readonly receiver: RunReceiver } | null = null;
  /** how many runs and probes the host has asked for */
  #asked = 0;
  #probed = false;
  readonly #end = new AbortController();

  constructor(
    tools: GuestComparisonTools,
    { plan, agents }: GuestOrder,
    listener: GuestComparisonListener,
  ) {
    this.#tools = tools;
    this.#listener = listener;
    this.#plan = plan;
    const comparison: Comparison = {
      version: 1,
      // The host gives it its own when it is over.
      id: 'A'.repeat(16),
      at: tools.wallTime(),
      plan,
      runs: [],
      hellos: [],
      predictions: [],
      stopped: true,
      root: null,
      ...agents,
    };
    this.#progress = {
      comparison,
      step: { type: 'hello', way: 'server' },
      fraction: 0,
      leftMs: null,
    };
  }

  /** How far it is. What there is of it counts as stopped until the host says that it is over. */
  get progress(): CompareProgress {
    return this.#progress;
  }

  /** What the host says; what has nothing to do with this comparison is passed over. */
  hear(message: ControlMessage): void {
    const { comparison } = this.#progress;
    switch (message.type) {
      case 'run':
        this.#startRun(message);
        break;
      case 'probe-line':
        void this.#probeLine();
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
        const most = this.#plan.methods.length * this.#plan.rounds;
        const runs = [...comparison.runs, message.run].slice(0, most);
        this.#show({ ...this.#progress, comparison: { ...comparison, runs } });
        break;
      }
      case 'over':
        this.stop();
        this.#listener.onOver({ ...comparison, ...message.comparison });
        break;
      default:
    }
  }

  /** Looks at the clock; to be called about twice a second. */
  tick(): void {
    const run = this.#run;
    run?.receiver.tick();
    if (run !== null && this.#run === run) {
      this.#listener.send({ type: 'progress', id: run.id, bytes: run.receiver.bytes });
    }
  }

  /** Receives nothing more. */
  stop(): void {
    this.#end.abort();
    this.#dropRun();
  }

  /** Once, where a way by the server was agreed to. */
  async #probeLine(): Promise<void> {
    if (this.#probed || this.#end.signal.aborted || !this.#plan.methods.some(isByServer)) return;
    this.#probed = true;
    const leg = await this.#tools.probeDownload(this.#end.signal).catch(() => null);
    if (!this.#end.signal.aborted) this.#listener.send({ type: 'line-probed', leg });
  }

  #startRun({ id, method, secret }: Extract<ControlMessage, { type: 'run' }>): void {
    this.#dropRun();
    const bytes = decodeBase64url(secret);
    const { methods, rounds, subject } = this.#plan;
    // Each way once a round, and once for the probe.
    this.#asked += 1;
    const agreed = methods.includes(method) && this.#asked <= methods.length * (rounds + 1);
    if (bytes === null || !agreed || this.#end.signal.aborted) return;
    const mostBytes = Math.max(subject.bytes, PROBE_BYTES);
    const receiver: RunReceiver = new RunReceiver(
      this.#tools,
      { method, secret: bytes, mostBytes },
      {
        onBegan: () => this.#listener.send({ type: 'began', id }),
        onReceived: (run) => {
          this.#forget(receiver);
          this.#listener.send({ type: 'received', id, run });
        },
        onFailed: (reason) => {
          this.#forget(receiver);
          this.#listener.send({ type: 'run-failed', id, reason: asRunFailure(reason) });
        },
      },
    );
    this.#run = { id, receiver };
  }

  #forget(receiver: RunReceiver): void {
    if (this.#run?.receiver === receiver) this.#run = null;
  }

  #dropRun(): void {
    this.#run?.receiver.close();
    this.#run = null;
  }

  #show(progress: CompareProgress): void {
    this.#progress = progress;
    this.#listener.onProgress(progress);
  }
}
