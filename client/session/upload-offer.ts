import type { LegProbe } from '../compare/prediction.ts';
import { WORTH_BYTES } from './fastest-machine.ts';

/** What an offer takes. */
export interface UploadOfferTools {
  /** Probes this page's line to the server. @returns null where nothing came of it */
  probeUpload(signal: AbortSignal): Promise<LegProbe | null>;
}

/** A sender's offer to upload where that is expected to be faster: what its line to the server takes, once that is probed. */
export class UploadOffer {
  readonly #tools: UploadOfferTools;
  readonly #shareBytes: number;
  readonly #onChange: () => void;
  readonly #end = new AbortController();
  #made = false;
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
    return this.#made;
  }

  /** What its line to the server takes; null while there is no offer. */
  get leg(): LegProbe | null {
    return this.#made ? this.#leg : null;
  }

  /** Makes the offer, or takes it back. Of a share that is sent before a line is probed, none is made. */
  set(made: boolean): void {
    const before = this.leg;
    this.#made = made && this.#shareBytes >= WORTH_BYTES;
    if (this.#made && !this.#probed) void this.#probe();
    if (this.leg !== before) this.#onChange();
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
    if (this.leg !== null) this.#onChange();
  }
}
