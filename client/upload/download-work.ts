import type { DownloadCommand, DownloadEvent } from './download-messages.ts';
import { RangeFetches } from './range-fetches.ts';

/** What the download worker does: it reads, opens and cuts what the page wants of an upload. */
export class DownloadWork {
  readonly #tell: (event: DownloadEvent, transfer: Transferable[]) => void;
  readonly #fetch: typeof fetch;
  #fetches: RangeFetches | null = null;

  constructor(tell: (event: DownloadEvent, transfer: Transferable[]) => void, send: typeof fetch) {
    this.#tell = tell;
    this.#fetch = send;
  }

  /** Does as the page says. */
  take(command: DownloadCommand): void {
    switch (command.type) {
      case 'open':
        this.#fetches = new RangeFetches(command.order, (event) => this.#pass(event), this.#fetch);
        break;
      case 'token':
        this.#fetches?.setToken(command.token);
        break;
      case 'fetch':
        this.#fetches?.want(command.cuts);
        break;
      case 'drop':
        this.#fetches?.drop(command.ids);
        break;
      case 'hold':
        this.#fetches?.hold(command.held);
        break;
      case 'renew':
        this.#fetches?.renew();
        break;
    }
  }

  /** Ends what runs. */
  close(): void {
    this.#fetches?.close();
  }

  #pass(event: DownloadEvent): void {
    this.#tell(event, event.type === 'read' ? event.cuts.map(({ bytes }) => bytes.buffer) : []);
  }
}
