import { randomId } from '../encoding/random-id.ts';
import type { CompareProgress, CompareStep } from './compare-state.ts';
import { readSubject } from './compare-subject.ts';
import type { CompareMethod, Comparison, ComparePlan, Prediction, Run } from './comparison.ts';
import type { ControlMessage } from './control-message.ts';
import { measureHellos } from './hellos.ts';
import { HostRun, type HostRunTools, type RunNews } from './host-run.ts';
import { Mailbox } from './mailbox.ts';
import type { Probe } from './prediction.ts';
import { PROBE_BYTES, probeOf } from './probe.ts';
import type { Meeting } from './meeting.ts';
import { fractionDone, planRuns, timeLeft } from './run-plan.ts';
import { type CompareSubject, RunSender, type RunSenderTools } from './run-sender.ts';

const ID_BYTES = 12;
/** How long a probe may take, in milliseconds; what is not over by then is told nothing of. */
const PROBE_MS = 15_000;

/** What a comparison is made with. */
export interface HostComparisonTools extends RunSenderTools {
  /** What each way is expected to take for so many bytes, by a probe and by what came of earlier predictions. */
  predict(probe: Probe, bytes: number): Promise<readonly Prediction[]>;
  /** milliseconds since 1970 */
  wallTime(): number;
}

/** Who compares, and what. */
export interface ComparisonOrder {
  readonly plan: ComparePlan;
  readonly subject: CompareSubject;
  readonly meeting: Meeting;
  /** `navigator.userAgent` of both */
  readonly agents: { readonly sender: string; readonly receiver: string };
}

/** A comparison from the host's side: Hellos, probes, and then run after run in its interleaved order. */
export class HostComparison {
  readonly #tools: HostRunTools & HostComparisonTools;
  readonly #order: ComparisonOrder;
  readonly #onProgress: (progress: CompareProgress) => void;
  readonly #mail = new Mailbox<RunNews>();
  #comparison: Comparison;
  #step: CompareStep = { type: 'hello', way: 'server' };
  #run: HostRun | null = null;
  #runBegun = 0;
  #ids = 0;

  constructor(
    tools: HostComparisonTools,
    order: ComparisonOrder,
    onProgress: (progress: CompareProgress) => void,
  ) {
    this.#tools = {
      ...tools,
      send: (message) => order.meeting.send(message),
      openSender: (...wanted) => new RunSender(tools, ...wanted),
    };
    this.#order = order;
    this.#onProgress = onProgress;
    this.#comparison = {
      version: 1,
      id: randomId(ID_BYTES),
      at: tools.wallTime(),
      plan: order.plan,
      runs: [],
      hellos: [],
      predictions: [],
      stopped: false,
      root: null,
      ...order.agents,
    };
  }

  /** What the guest says. */
  hear(message: ControlMessage): void {
    this.#run?.note(message);
    this.#mail.put({ type: 'heard', message });
  }

  /** Looks at the clock; to be called about twice a second. */
  tick(): void {
    this.#run?.tick();
    this.#show();
  }

  /** Carries the plan out. @returns once it is through, or `signal` is aborted: then what there is by then counts */
  async make(signal: AbortSignal): Promise<Comparison> {
    try {
      await this.#hello(signal);
      await this.#probe(signal);
      for (const { method, round } of planRuns(this.#order.plan)) {
        await this.#makeRun(method, round, signal);
      }
    } catch (error) {
      if (!signal.aborted) throw error;
      this.#change({ stopped: true });
    }
    const { plan: _, runs: __, ...rest } = this.#comparison;
    this.#tools.send({ type: 'over', comparison: rest });
    return this.#comparison;
  }

  async #hello(signal: AbortSignal): Promise<void> {
    const { meeting } = this.#order;
    const onWay = (way: Comparison['hellos'][number]['way']) => {
      this.#step = { type: 'hello', way };
      this.#show();
    };
    this.#change({ hellos: await measureHellos(meeting, this.#tools.clock, onWay, signal) });
  }

  /** A small transfer each way. What goes wrong in it says that nothing is known, no more. */
  async #probe(signal: AbortSignal): Promise<void> {
    const { plan } = this.#order;
    const wanted = plan.methods.filter(
      (method) => method !== 'streamed' || !plan.methods.includes('stored'),
    );
    const subject = await readSubject({ type: 'generated', bytes: PROBE_BYTES });
    const probes: Run[] = [];
    for (const method of wanted) {
      this.#step = { type: 'probe', method };
      this.#show();
      const late = AbortSignal.any([signal, AbortSignal.timeout(PROBE_MS)]);
      const made = await this.#startRun(method, subject)
        .make(late)
        .catch(() => null);
      signal.throwIfAborted();
      if (made !== null) probes.push({ round: 0, method, outcome: made.outcome });
    }
    this.#run = null;
    const predictions = await this.#tools.predict(probeOf(probes, PROBE_BYTES), plan.subject.bytes);
    this.#change({
      predictions: predictions.filter(({ method }) => plan.methods.includes(method)),
    });
  }

  async #makeRun(method: CompareMethod, round: number, signal: AbortSignal): Promise<void> {
    const hostRun = this.#startRun(method, this.#order.subject);
    this.#step = { type: 'run', method, round, ...hostRun.view };
    this.#show();
    const { outcome: made, root } = await hostRun.make(signal);
    this.#run = null;
    // Every run brings the same bytes.
    const first = this.#comparison.root ?? root;
    const outcome: Run['outcome'] =
      root === null || root === first ? made : { type: 'failed', reason: 'root-mismatch' };
    const run: Run = { round, method, outcome };
    this.#change({ runs: [...this.#comparison.runs, run], root: first });
    this.#tools.send({ type: 'ran', run });
    this.#show();
  }

  #startRun(method: CompareMethod, subject: CompareSubject): HostRun {
    this.#ids += 1;
    this.#runBegun = this.#tools.clock();
    this.#run = new HostRun(this.#tools, this.#ids, method, subject, this.#mail);
    return this.#run;
  }

  #change(change: Partial<Comparison>): void {
    this.#comparison = { ...this.#comparison, ...change };
  }

  #show(): void {
    if (this.#step.type === 'run' && this.#run !== null) {
      this.#step = { ...this.#step, ...this.#run.view };
    }
    const { plan, runs } = this.#comparison;
    const isRun = this.#step.type === 'run' && this.#run !== null;
    const elapsedMs = isRun ? this.#tools.clock() - this.#runBegun : 0;
    const fraction = fractionDone(plan, runs, isRun ? wholeOf(this.#step) : 0);
    const leftMs = timeLeft(plan, runs, elapsedMs);
    this.#tools.send({ type: 'step', step: this.#step, fraction, leftMs });
    this.#onProgress({ comparison: this.#comparison, step: this.#step, fraction, leftMs });
  }
}

/** How much of the whole run it is: the upload of a stored one is its first half. */
function wholeOf(step: CompareStep): number {
  if (step.type !== 'run') return 0;
  if (step.leg === 'whole') return step.fraction;
  return step.leg === 'upload' ? step.fraction / 2 : 0.5 + step.fraction / 2;
}
