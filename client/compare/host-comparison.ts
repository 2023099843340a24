import { randomId } from '../encoding/random-id.ts';
import type { CompareProgress, CompareStep } from './compare-state.ts';
import { readSubject } from './compare-subject.ts';
import {
  type CompareMethod,
  type Comparison,
  type ComparePlan,
  type Prediction,
  type Run,
  isByServer,
} from './comparison.ts';
import type { ControlMessage } from './control-message.ts';
import { measureHellos } from './hellos.ts';
import { HostRun, type HostRunTools, type RunNews } from './host-run.ts';
import { Mailbox } from './mailbox.ts';
import type { LegProbe, Probe } from './prediction.ts';
import { type PeerProbe, PROBE_MS, probeFiles, probeOf } from './probe.ts';
import type { Meeting } from './meeting.ts';
import { fractionDone, planRuns, timeLeft } from './run-plan.ts';
import { type CompareSubject, RunSender, type RunSenderTools } from './run-sender.ts';

const ID_BYTES = 12;

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

  /**
   * Tries every way out: both lines to and from the server at once, and then, as they would share the sender's, a small
   * transfer from page to page. What goes wrong in it says that nothing is known, no more.
   */
  async #probe(signal: AbortSignal): Promise<void> {
    const { plan } = this.#order;
    this.#step = { type: 'probe' };
    this.#show();
    const subject = await readSubject({ type: 'files', files: probeFiles() });
    const byServer = plan.methods.some(isByServer);
    const [upload, download] = await Promise.all([
      byServer ? this.#tools.probeUpload(signal).catch(() => null) : null,
      byServer ? this.#askForLine(signal) : null,
    ]);
    const peers = await this.#probePeers(subject, signal);
    signal.throwIfAborted();
    const probe = probeOf(peers, { upload, download });
    const predictions = await this.#tools.predict(probe, plan.subject.bytes);
    this.#change({
      predictions: predictions.filter(({ method }) => plan.methods.includes(method)),
    });
  }

  async #probePeers(subject: CompareSubject, signal: AbortSignal): Promise<readonly PeerProbe[]> {
    const probes: PeerProbe[] = [];
    for (const method of this.#order.plan.methods) {
      if (isByServer(method) || signal.aborted) continue;
      const late = AbortSignal.any([signal, AbortSignal.timeout(PROBE_MS)]);
      const run = this.#startRun(method, subject);
      const made = await run.make(late).catch(() => null);
      const { partial } = run;
      if (made !== null) probes.push({ method, outcome: made.outcome });
      else if (partial !== null) probes.push({ method, ...partial });
    }
    this.#run = null;
    return probes;
  }

  async #askForLine(signal: AbortSignal): Promise<LegProbe | null> {
    const answer = this.#mail.next(
      (news) =>
        news.type === 'heard' && news.message.type === 'line-probed'
          ? { leg: news.message.leg }
          : null,
      { signal, limitMs: PROBE_MS, late: 'upload-unreachable' },
    );
    this.#tools.send({ type: 'probe-line' });
    return await answer.then(
      ({ leg }) => leg,
      () => null,
    );
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
