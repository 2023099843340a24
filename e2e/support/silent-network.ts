import type { BrowserContext, Page } from 'playwright/test';

/**
 * The equivalent of a cut link inside a page, for machines without network namespaces: while it is silent, nothing of
 * a data channel or a WebSocket comes or goes (it is held, as the real network's retransmission would), and everything
 * else fails as offline.
 */
export class SilentNetwork {
  readonly #context: BrowserContext;

  private constructor(context: BrowserContext) {
    this.#context = context;
  }

  /** Prepares every page that opens in `context` from now on. */
  static async prepare(context: BrowserContext): Promise<SilentNetwork> {
    await context.addInitScript(holdWhileSilent);
    return new SilentNetwork(context);
  }

  /** Makes every page silent, or lets it speak again. */
  async setSilent(silent: boolean): Promise<void> {
    for (const page of this.#context.pages()) await setSilent(page, silent);
  }
}

async function setSilent(page: Page, silent: boolean): Promise<void> {
  await page.context().setOffline(silent);
  await page.evaluate(
    (silent) => dispatchEvent(new CustomEvent('test:silent', { detail: silent })),
    silent,
  );
}

/** Runs in the page, before its own scripts. */
function holdWhileSilent(): void {
  type Channel = RTCDataChannel | WebSocket;
  let silent = false;
  const held: (() => void)[] = [];
  addEventListener('test:silent', (event) => {
    silent = event instanceof CustomEvent && event.detail === true;
    if (!silent) for (const release of held.splice(0)) release();
  });
  const holdMessages = (channel: Channel): void => {
    // The first listener of the channel: what it stops, none of the page's hears.
    channel.addEventListener('message', (event) => {
      if (!silent || !(event instanceof MessageEvent)) return;
      event.stopImmediatePropagation();
      const { data } = event;
      held.push(() => channel.dispatchEvent(new MessageEvent('message', { data })));
    });
  };
  for (const prototype of [RTCDataChannel.prototype, WebSocket.prototype]) {
    const send = Reflect.get(prototype, 'send');
    Reflect.set(prototype, 'send', function (this: Channel, data: unknown): void {
      const sendNow = (): void => {
        if (this.readyState === 'open' || this.readyState === WebSocket.OPEN) {
          Reflect.apply(send, this, [data]);
        }
      };
      if (silent) held.push(sendNow);
      else Reflect.apply(send, this, [data]);
    });
  }
  globalThis.WebSocket = class extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      holdMessages(this);
    }
  };
  globalThis.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      this.addEventListener('datachannel', ({ channel }) => holdMessages(channel));
    }
    override createDataChannel(label: string, options?: RTCDataChannelInit): RTCDataChannel {
      const channel = super.createDataChannel(label, options);
      holdMessages(channel);
      return channel;
    }
  };
}
