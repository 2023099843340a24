import type { LegProbe } from '../compare/prediction.ts';
import type { SendDelivery } from './delivery-state.ts';
import { WORTH_BYTES } from './fastest-machine.ts';

/** What an offer takes. */
export interface UploadOfferTools {
  /** Probes this page's line to the server. @returns null where nothing came of it */
  probeUpload(signal: AbortSignal): Promise<LegProbe | null>;
}

/** `made`: receivers may have the share uploaded; `refused`: it is to go directly; `none`: nothing is said. */
export type OfferState = 'made' | 'refused' | 'none';

/** Which offer a sender makes. What the user has deleted or let run out, and what failed, is not uploaded again by itself. */
export function offerOf({ sendBy, offered, upload }: SendDelivery): OfferState {
  if (sendBy === 'direct') return 'refused';
  const isOver = upload.type === 'gone' || upload.type === 'failed';
  return sendBy === 'any' && offered && !isOver ? 'made' : 'none';
}

/** A sender's offer to upload where that is expected to be faster: what its line to the server takes, once that is probed. */
export class UploadOffer {
  readonly #tools: UploadOfferTools;
  readonly #shareBytes: number;
  readonly #onChange: () => void;
  readonly #end = new AbortController();
  #state: OfferState = 'none';
  #probed = false;
  #leg: LegProbe | null = null;

  /** @param onChange the offer is made, or taken back */
  constructor(tools: UploadOfferTools, shareBytes: number, onChange: () => void) {
    this.#tools = tools;
    this.#shareBytes = shareBytes;
    this.#onChange = onChange;
  }

  /** Whether a receiver may have the share uploaded. */
  get made(): boolean {
    return this.#state === 'made';
  }

  /** What receivers are told: what its line to the server takes, or, by null, that it wants none of that; undefined for nothing. */
  get said(): LegProbe | null | undefined {
    if (this.#state === 'refused') return null;
    return this.made && this.#leg !== null ? this.#leg : undefined;
  }

  /** Makes the offer, or takes it back. Of a share that is sent before a line is probed, nothing is said. */
  set(state: OfferState): void {
    if (this.#shareBytes < WORTH_BYTES) return;
    const before = this.said;
    this.#state = state;
    if (this.made && !this.#probed) void this.#probe();
    if (this.said !== undefined && this.said !== before) this.#onChange();
  }

  /** Ends a probe that runs. */
  close(): void {
    this.#end.abort();
  }

  async #probe(): Promise<void> {
    this.#probed = true;
    const leg = await this.#tools.probeUpload(this.#end.signal).catch(() => null);
    if (this.#end.signal.aborted) return;
    this.#leg = leg;
    if (this.said !== undefined) this.#onChange();
  }
}
