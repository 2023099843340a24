import { randomId } from '../encoding/random-id.ts';
import type { ErrorReason } from '../errors/error-reason.ts';
import { asOnehopError } from '../errors/onehop-error.ts';
import type { ShareSecret } from '../share/link.ts';
import { deriveNoteKey, deriveShareKeys } from '../share/share-keys.ts';
import { Absence } from './absence.ts';
import type { GuestActions, GuestState, Together } from './compare-state.ts';
import type { Comparison } from './comparison.ts';
import { type ControlMessage, PAGE_ID_BYTES } from './control-message.ts';
import { GuestComparison, type GuestComparisonTools } from './guest-comparison.ts';
import { Meeting, type MeetingTools } from './meeting.ts';
import { Talk } from './talk.ts';

/** How long the host may take to say what there is when the user stops, in milliseconds. */
const STOP_MS = 3_000;

/** What the page of who takes part is made of. */
export interface GuestTools extends GuestComparisonTools, MeetingTools {
  /** `navigator.userAgent` */
  readonly agent: string;
}

/** The page of who was asked to take part: meets the host, lets the user agree, and shows what comes of it. */
export class GuestSession implements GuestActions {
  readonly #tools: GuestTools;
  readonly #onChange: (state: GuestState) => void;
  readonly #end = new AbortController();
  readonly #talk = new Talk();
  readonly #page = randomId(PAGE_ID_BYTES);
  readonly #absence: Absence;
  #state: GuestState = { type: 'joining' };
  #meeting: Meeting | null = null;
  #hostAgent = '';
  /** which of the host's questions is before the user */
  #question = 0;
  #comparison: GuestComparison | null = null;
  /** when the user stopped, until the host says what there is by then */
  #stoppedAt: number | null = null;

  /** @param onChange told every state, the first one included */
  constructor(tools: GuestTools, secret: ShareSecret, onChange: (state: GuestState) => void) {
    this.#tools = tools;
    this.#absence = new Absence(tools.clock);
    this.#onChange = onChange;
    onChange(this.#state);
    tools.startTicker(() => this.#tick(), this.#end.signal);
    void this.#open(secret);
  }

  takePart(): void {
    const meeting = this.#meeting;
    if (this.#state.type !== 'asked' || meeting === null) return;
    const agents = { sender: this.#hostAgent, receiver: this.#tools.agent };
    const comparison = new GuestComparison(
      this.#tools,
      { plan: this.#state.plan, agents },
      {
        send: (message) => meeting.send(message),
        onProgress: (progress) =>
          this.#set({ type: 'running', progress, together: this.#together }),
        onOver: (over) => this.#finish(over),
      },
    );
    this.#comparison = comparison;
    meeting.send({ type: 'answer', number: this.#question, agreed: true });
    this.#set({ type: 'running', progress: comparison.progress, together: this.#together });
  }

  decline(): void {
    if (this.#state.type !== 'asked') return;
    this.#meeting?.send({ type: 'answer', number: this.#question, agreed: false });
    this.#rest();
  }

  stop(): void {
    if (this.#state.type !== 'running') return;
    this.#comparison?.stop();
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
    this.#comparison?.stop();
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
      this.#over({ type: 'failed', reason: asOnehopError(error).reason });
    }
  }

  #onOther(present: boolean): void {
    this.#absence.note(present);
    if (!present) return;
    this.#meeting?.send({ type: 'greet', agent: this.#tools.agent, page: this.#page });
    if (this.#state.type === 'joining') this.#rest();
  }

  #tick(): void {
    this.#meeting?.tick();
    this.#comparison?.tick();
    const stopped = this.#stoppedAt;
    if (stopped !== null && this.#tools.clock() - stopped >= STOP_MS) this.#rest();
    if (this.#absence.isOver) this.#leave();
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
        this.#drop();
        this.#question = message.number;
        this.#set({ type: 'asked', plan: message.plan, together: this.#together });
        break;
      case 'bye':
        this.#leave();
        break;
      case 'stop':
        if (this.#state.type === 'asked' || this.#state.type === 'running') this.#rest();
        break;
      default:
        // Of a comparison that the user has not agreed to, nothing is heard.
        this.#comparison?.hear(message);
    }
  }

  #drop(): void {
    this.#comparison?.stop();
    this.#comparison = null;
    this.#stoppedAt = null;
  }

  #finish(comparison: Comparison): void {
    if (comparison.runs.length === 0) {
      this.#rest();
      return;
    }
    this.#drop();
    this.#set({ type: 'done', comparison, together: this.#together });
  }

  #rest(): void {
    this.#drop();
    this.#set({ type: 'waiting', together: this.#together });
  }

  /** The host has gone: what there is of a comparison stays to be looked at. */
  #leave(): void {
    const begun = this.#comparison?.progress.comparison ?? null;
    const shown = this.#state.type === 'done' ? this.#state.comparison : begun;
    this.#over({ type: 'ended', comparison: shown?.runs.length === 0 ? null : shown });
  }

  #onClosed(reason: ErrorReason): void {
    if (reason === 'sender-stopped' || reason === 'sender-left') this.#leave();
    else this.#over({ type: 'failed', reason });
  }

  /** Nothing comes after this. */
  #over(state: Extract<GuestState, { type: 'failed' | 'ended' }>): void {
    this.#drop();
    this.#set(state);
    this.close();
  }

  /** Shows what the two share besides the comparison. */
  #refresh(): void {
    if ('together' in this.#state) this.#set({ ...this.#state, together: this.#together });
  }

  #set(state: GuestState): void {
    if (this.#end.signal.aborted) return;
    this.#state = state;
    this.#onChange(state);
  }
}
