import type { ErrorReason } from '../errors/error-reason.ts';
import { randomId } from '../encoding/random-id.ts';
import { OnehopError, asOnehopError } from '../errors/onehop-error.ts';
import { type ShareSecret, createSecret } from '../share/link.ts';
import { deriveNoteKey, deriveShareKeys } from '../share/share-keys.ts';
import { Absence } from './absence.ts';
import { formatCompareLink } from './compare-link.ts';
import type {
  CompareOffer,
  CompareWish,
  HostActions,
  HostState,
  Together,
} from './compare-state.ts';
import { planComparison, readSubject } from './compare-subject.ts';
import type { Comparison } from './comparison.ts';
import { type ControlMessage, PAGE_ID_BYTES } from './control-message.ts';
import { HostComparison, type HostComparisonTools } from './host-comparison.ts';
import { Mailbox } from './mailbox.ts';
import { Meeting, type MeetingTools } from './meeting.ts';
import { Talk } from './talk.ts';

/** How long the other side may take to answer, in milliseconds. */
const ANSWER_MS = 600_000;

/** What the page of who compares is made of. */
export interface HostTools extends MeetingTools, HostComparisonTools {
  startTicker(onTick: () => void, signal: AbortSignal): void;
  /** where links lead to */
  readonly origin: string;
  /** `navigator.userAgent` */
  readonly agent: string;
  /** told the comparison's secret as soon as others can come in by it */
  onSecret(secret: ShareSecret): void;
  /** keeps what came of a comparison */
  keep(comparison: Comparison): Promise<void>;
}

/** What it tells its page. */
export interface HostListener {
  /** every new state, the first one included */
  onChange(state: HostState): void;
  /** what this server can do */
  onOffer(offer: CompareOffer): void;
}

/** The page of who compares: meets the other side, asks it, and carries a comparison out. */
export class HostSession implements HostActions {
  readonly #tools: HostTools;
  readonly #listener: HostListener;
  readonly #end = new AbortController();
  readonly #talk = new Talk();
  readonly #absence: Absence;
  readonly #answers = new Mailbox<ControlMessage>();
  #state: HostState = { type: 'opening' };
  #meeting: Meeting | null = null;
  #link = '';
  #offer: CompareOffer = { uploads: true, relay: false };
  /** the other side's browser; null until it has greeted */
  #agent: string | null = null;
  /** which page of it that was */
  #guestPage = '';
  readonly #page = randomId(PAGE_ID_BYTES);
  #last: Comparison | null = null;
  #comparison: HostComparison | null = null;
  #stop = new AbortController();
  /** from the press of Compare until it is over */
  #busy = false;
  /** how often the other side was asked */
  #asked = 0;

  constructor(tools: HostTools, listener: HostListener) {
    this.#tools = tools;
    this.#listener = listener;
    this.#absence = new Absence(tools.clock);
    listener.onChange(this.#state);
    tools.startTicker(() => this.#tick(), this.#end.signal);
    void this.#open();
  }

  compare(wish: CompareWish): void {
    if (this.#state.type === 'ready' && !this.#busy) void this.#compare(wish);
  }

  stop(): void {
    this.#stop.abort(new OnehopError('sender-cancelled'));
  }

  say(text: string, way: 'peer' | 'through-server'): void {
    if (this.#meeting === null) return;
    this.#talk.say(text, way, this.#meeting);
    this.#refresh();
  }

  again(): void {
    if (this.#state.type === 'done') this.#rest();
  }

  /** Whether the page at this address is the one that the link leads to. */
  isOwnLink(address: string): boolean {
    return address === this.#link;
  }

  /** Whether something would be cut short if the page went away now. */
  get losesOnLeaving(): boolean {
    return this.#state.type === 'running';
  }

  /** Ends everything, as when the page goes away. */
  close(): void {
    this.#end.abort();
    this.stop();
    this.#meeting?.close();
  }

  get #together(): Together {
    return { messages: this.#talk.messages, peerUp: this.#meeting?.peerUp ?? false };
  }

  async #open(): Promise<void> {
    try {
      const secret = createSecret();
      const [keys, noteKey] = await Promise.all([deriveShareKeys(secret), deriveNoteKey(secret)]);
      if (this.#end.signal.aborted) return;
      this.#link = formatCompareLink(this.#tools.origin, secret);
      this.#meeting = new Meeting(this.#tools, 'host', keys, noteKey, {
        onOpened: (offer) => this.#onOpened(offer, secret),
        onOther: (present) => this.#onOther(present),
        onPeerUp: () => this.#refresh(),
        onMessage: (message, way) => this.#onMessage(message, way),
        onClosed: (reason) => this.#fail(reason),
      });
    } catch (error) {
      this.#fail(asOnehopError(error).reason);
    }
  }

  #onOpened(offer: CompareOffer, secret: ShareSecret): void {
    this.#offer = offer;
    this.#listener.onOffer(offer);
    if (this.#state.type !== 'opening') return;
    this.#set({ type: 'waiting', link: this.#link });
    this.#tools.onSecret(secret);
  }

  #onOther(present: boolean): void {
    this.#absence.note(present);
    if (present) this.#greet();
  }

  #onMessage(message: ControlMessage, way: 'peer' | 'through-server'): void {
    const meeting = this.#meeting;
    if (meeting === null) return;
    if (this.#talk.take(message, way, meeting)) this.#refresh();
    else if (message.type === 'greet') this.#onGreeted(message);
    else if (message.type === 'bye') this.#onLeft();
    else if (message.type === 'stop') this.#onStop();
    else {
      this.#answers.put(message);
      this.#comparison?.hear(message);
    }
  }

  #greet(): void {
    this.#meeting?.send({ type: 'greet', agent: this.#tools.agent, page: this.#page });
  }

  /** Who has nothing to stop says so: the other side may have missed the end. */
  #onStop(): void {
    if (this.#comparison === null) this.#meeting?.send({ type: 'stop' });
    else this.stop();
  }

  #onGreeted({ agent, page }: Extract<ControlMessage, { type: 'greet' }>): void {
    // A page that was loaded anew knows nothing of what was begun with the one before.
    if (page !== this.#guestPage) this.stop();
    this.#guestPage = page;
    this.#agent = agent;
    if (this.#state.type === 'waiting') this.#rest();
    else if (this.#state.type === 'done') this.#set({ ...this.#state, left: false });
  }

  #onLeft(): void {
    this.#agent = null;
    this.#absence.settle();
    this.stop();
    if (this.#state.type === 'ready') this.#rest();
    else if (this.#state.type === 'done') this.#set({ ...this.#state, left: true });
  }

  #tick(): void {
    this.#meeting?.tick();
    this.#comparison?.tick();
    if (this.#absence.isOver) this.#onLeft();
  }

  /** Back to the settings, or to waiting for somebody. */
  #rest(declined = false): void {
    const link = this.#link;
    if (this.#agent === null) this.#set({ type: 'waiting', link });
    else this.#set({ type: 'ready', link, together: this.#together, last: this.#last, declined });
  }

  async #compare(wish: CompareWish): Promise<void> {
    const stop = new AbortController();
    this.#stop = stop;
    this.#busy = true;
    try {
      const subject = await readSubject(wish.subject);
      const plan = planComparison(wish, subject, this.#offer);
      const meeting = this.#meeting;
      if (plan === null || meeting === null || this.#agent === null) return;
      this.#asked += 1;
      const number = this.#asked;
      this.#set({ type: 'asking', plan, together: this.#together });
      const answered = this.#answers.next(
        (message) => (message.type === 'answer' && message.number === number ? message : null),
        { signal: stop.signal, limitMs: ANSWER_MS, late: 'peer-silent' },
      );
      meeting.send({ type: 'ask', number, plan });
      const { agreed } = await answered;
      if (!agreed) {
        this.#rest(true);
        return;
      }
      const agents = { sender: this.#tools.agent, receiver: this.#agent };
      const order = { plan, subject, meeting, agents };
      const comparison = new HostComparison(this.#tools, order, (progress) => {
        if (!stop.signal.aborted && !this.#end.signal.aborted) {
          this.#set({ type: 'running', progress, together: this.#together });
        }
      });
      this.#comparison = comparison;
      this.#finish(await comparison.make(stop.signal));
    } catch (error) {
      const { reason } = asOnehopError(error);
      // Who does not answer does not want to.
      if (reason === 'peer-silent' && this.#state.type === 'asking') {
        this.#meeting?.send({ type: 'stop' });
        this.#rest(true);
      } else if (!stop.signal.aborted) this.#fail(reason);
    } finally {
      this.#busy = false;
      this.#comparison = null;
      if (stop.signal.aborted) this.#meeting?.send({ type: 'stop' });
      if (this.#state.type === 'asking' || this.#state.type === 'running') this.#rest();
    }
  }

  #finish(comparison: Comparison): void {
    if (this.#end.signal.aborted) return;
    // Nothing came of it that could be shown.
    if (comparison.runs.length === 0) return;
    this.#last = comparison;
    // What cannot be kept is only not there the next time.
    this.#tools.keep(comparison).catch(() => {});
    const left = this.#agent === null;
    this.#set({ type: 'done', comparison, left, link: this.#link, together: this.#together });
  }

  #fail(reason: ErrorReason): void {
    if (this.#state.type === 'failed' || this.#end.signal.aborted) return;
    this.stop();
    this.#meeting?.close();
    this.#set({ type: 'failed', reason });
  }

  /** Shows what the two share besides the comparison. */
  #refresh(): void {
    if ('together' in this.#state) this.#set({ ...this.#state, together: this.#together });
  }

  #set(state: HostState): void {
    if (this.#end.signal.aborted || (this.#state.type === 'failed' && state.type !== 'failed')) {
      return;
    }
    this.#state = state;
    this.#listener.onChange(state);
  }
}
