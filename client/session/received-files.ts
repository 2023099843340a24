import { OnehopError, asOnehopError } from '../errors/onehop-error.ts';
import { type Manifest, isFolder } from '../share/manifest.ts';
import { hasNumber, numbersIn } from '../share/number-set.ts';
import type { HeldDownload } from './held-download.ts';
import type { ReceiveEvent } from './receive-phase.ts';
import type { ReceiveTools } from './receive-tools.ts';

const ARCHIVE_NAME = 'onehop.zip';

/** Saves what was received through browser downloads, and knows what has been saved. */
export class ReceivedFiles {
  readonly #tools: Pick<ReceiveTools, 'saveFile'>;
  readonly #held: HeldDownload;
  readonly #post: (event: ReceiveEvent) => void;
  readonly #saved = new Set<number>();
  readonly #open = new AbortController();
  #packing = false;
  #unsaved: number | null = null;

  constructor(
    tools: Pick<ReceiveTools, 'saveFile'>,
    held: HeldDownload,
    post: (event: ReceiveEvent) => void,
  ) {
    this.#tools = tools;
    this.#held = held;
    this.#post = post;
  }

  /** Whether every file that was received has been saved since this page was opened. */
  get allSaved(): boolean {
    return this.#unsaved === 0;
  }

  /** Saves one file; `saved` follows. */
  async save(manifest: Manifest, fileIndex: number): Promise<void> {
    const entry = manifest.entries[fileIndex];
    const { received } = this.#held;
    // What was not selected, or could not be had, may have bytes in the store, but not its own, or not all.
    if (entry === undefined || received === null || !hasNumber(received, fileIndex)) return;
    await this.#report(async () => {
      const content = await this.#held.store.read(fileIndex);
      // A browser short of space may have taken the file away since.
      if (content.size !== entry.size) throw new OnehopError('storage-failed');
      this.#tools.saveFile(content, entry.path);
      this.#noteSaved(manifest, [fileIndex]);
    });
  }

  /** Saves everything as one archive; `packing` and then `saved` follow. */
  async saveAll(manifest: Manifest): Promise<void> {
    if (this.#packing) return;
    this.#packing = true;
    this.#post({ type: 'packing', fraction: 0 });
    await this.#report(async () => {
      const onProgress = (fraction: number) => this.#post({ type: 'packing', fraction });
      const archive = await this.#held.store.zip(onProgress, this.#open.signal);
      this.#tools.saveFile(archive, ARCHIVE_NAME);
      this.#noteSaved(manifest, manifest.entries.keys());
    });
    this.#packing = false;
  }

  /** Ends what is being packed. */
  close(): void {
    this.#open.abort();
  }

  async #report(work: () => Promise<void>): Promise<void> {
    let failure: Extract<ReceiveEvent, { type: 'saved' }>['failure'] = null;
    try {
      await work();
    } catch (error) {
      failure = asOnehopError(error, 'storage-failed').reason;
    }
    if (!this.#open.signal.aborted) this.#post({ type: 'saved', failure });
  }

  #noteSaved(manifest: Manifest, files: Iterable<number>): void {
    for (const file of files) this.#saved.add(file);
    const received = [...numbersIn(this.#held.received ?? NOTHING)];
    const missing = received.filter((file) => {
      const entry = manifest.entries[file];
      return entry !== undefined && !isFolder(entry) && !this.#saved.has(file);
    });
    this.#unsaved = missing.length;
    if (this.#unsaved === 0) this.#held.note({ savedAt: Date.now() });
  }
}

const NOTHING = { size: 0, count: 0, bits: new Uint8Array() };
