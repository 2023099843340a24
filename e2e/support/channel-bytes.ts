import type { BrowserContext, Page } from 'playwright/test';

/** Bytes that went through a page's data channels since it was loaded. */
export interface ChannelBytes {
  readonly sent: number;
  readonly received: number;
}

/** Counts what goes through the data channels of every page that opens in `context` from now on. */
export async function countChannelBytes(context: BrowserContext): Promise<void> {
  await context.addInitScript(countBytes);
}

/** What the page's channels have carried, frames and control messages alike. */
export async function channelBytes(page: Page): Promise<ChannelBytes> {
  return await page.evaluate(() => {
    const count = (name: string): number => Number(Reflect.get(globalThis, name));
    return { sent: count('channelBytesSent'), received: count('channelBytesReceived') };
  });
}

/** Runs in the page, before its own scripts. */
function countBytes(): void {
  const count = { channelBytesSent: 0, channelBytesReceived: 0 };
  for (const name of ['channelBytesSent', 'channelBytesReceived'] as const) {
    Reflect.defineProperty(globalThis, name, { get: () => count[name] });
  }
  const lengthOf = (data: unknown): number => {
    if (typeof data === 'string') return data.length;
    return Number(Reflect.get(Object(data), 'byteLength') ?? 0);
  };
  const countReceived = (channel: RTCDataChannel): void => {
    channel.addEventListener('message', ({ data }) => {
      count.channelBytesReceived += lengthOf(data);
    });
  };
  const send = Reflect.get(RTCDataChannel.prototype, 'send');
  Reflect.set(RTCDataChannel.prototype, 'send', function (this: RTCDataChannel, data: unknown) {
    Reflect.apply(send, this, [data]);
    count.channelBytesSent += lengthOf(data);
  });
  globalThis.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      this.addEventListener('datachannel', ({ channel }) => countReceived(channel));
    }
    override createDataChannel(label: string, options?: RTCDataChannelInit): RTCDataChannel {
      const channel = super.createDataChannel(label, options);
      countReceived(channel);
      return channel;
    }
  };
}
