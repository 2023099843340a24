import { OnehopError } from '../errors/onehop-error.ts';
import type { Manifest } from '../share/manifest.ts';
import type { ControlMessage } from './control-message.ts';
import { FIRST_MANIFEST_STEP, type ManifestParts, acceptManifestPart } from './manifest-parts.ts';

/** Gets the list of files from a peer, part by part. */
export class ManifestListing {
  readonly #ask: (part: number) => void;
  #parts: ManifestParts | null = null;

  /** @param ask asks the peer for a part */
  constructor(ask: (part: number) => void) {
    this.#ask = ask;
  }

  /** Whether parts of it are awaited. */
  get running(): boolean {
    return this.#parts !== null;
  }

  /** Asks for it from the beginning. */
  begin(): void {
    this.#parts = FIRST_MANIFEST_STEP.state;
    for (const part of FIRST_MANIFEST_STEP.ask) this.#ask(part);
  }

  /**
   * Takes a part.
   * @returns the manifest if that was the last one missing
   * @throws {OnehopError} `message-unexpected` or `manifest-invalid`
   */
  accept(message: Extract<ControlMessage, { type: 'manifest-part' }>): Manifest | null {
    if (this.#parts === null) throw new OnehopError('message-unexpected');
    const step = acceptManifestPart(this.#parts, message.part, message.parts, message.entries);
    if (step.type === 'invalid') throw new OnehopError(step.reason);
    if (step.type === 'whole') {
      this.#parts = null;
      return step.manifest;
    }
    this.#parts = step.state;
    for (const part of step.ask) this.#ask(part);
    return null;
  }
}
