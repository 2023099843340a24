import { OnehopError } from '../errors/onehop-error.ts';
import type { ReceivePlace } from '../session/receive-state.ts';
import type {
  RecordChange,
  ReopenedStore,
  StoreHandle,
  StorePlan,
} from '../session/receive-tools.ts';
import type { DownloadRecord } from '../sink/download-record.ts';
import type { KeptPiece } from '../transfer/receipt.ts';
import { MemoryStore } from './memory-store.ts';

/** A store in memory that outlives its page as one on disk does, and knows how it was let go. */
export class WorldStore extends MemoryStore implements StoreHandle {
  state: 'open' | 'closed' | 'discarded' = 'open';
  record: DownloadRecord | null = null;
  noted: RecordChange = {};
  place: ReceivePlace = { type: 'browser' };
  /** whether the user has to allow the folder again */
  locked = false;
  /** what it still does before it lets go */
  busy: Promise<void> = Promise.resolve();
  closed: Promise<void> = Promise.resolve();

  async begin(record: DownloadRecord, plan: StorePlan): Promise<ReceivePlace> {
    this.record = record;
    if (plan.type === 'folder') this.place = { type: 'folder', name: plan.handle.name };
    return this.place;
  }

  async recover(): Promise<readonly KeptPiece[]> {
    if (this.locked) throw new OnehopError('folder-refused');
    return [...this.kept.values()];
  }

  async allowFolder(): Promise<void> {
    this.locked = false;
  }

  async note(change: RecordChange): Promise<void> {
    this.noted = { ...this.noted, ...change };
  }

  async read(file: number): Promise<Blob> {
    return new Blob([(this.files[file] ?? new Uint8Array()).slice()]);
  }

  async zip(onProgress: (fraction: number) => void, signal: AbortSignal): Promise<Blob> {
    onProgress(1);
    signal.throwIfAborted();
    return new Blob(this.files.map((bytes) => bytes.slice()));
  }

  async discard(): Promise<void> {
    this.state = 'discarded';
  }

  close(): void {
    this.closed = this.#letGo();
  }

  async #letGo(): Promise<void> {
    await this.busy;
    if (this.state === 'open') this.state = 'closed';
  }

  /** This store as another page finds it; null where nothing of it is kept. */
  reopen(): ReopenedStore | null {
    if (this.state !== 'closed' || this.record === null) return null;
    this.state = 'open';
    const { paused = false, complete = false, claim = null, failed = [] } = this.noted;
    let bytes = 0;
    for (const file of this.files) bytes += file.length;
    const { record, place } = this;
    return { store: this, record, place, paused, complete, claim, failed, bytes };
  }
}
