import type { BrowserContext } from 'playwright/test';

/** Has every page that opens in `context` from now on send data over its channels at this rate, all of them together, in bytes per second. */
export async function slowLanes(context: BrowserContext, bytesPerSecond: number): Promise<void> {
  await context.addInitScript(paceChannels, bytesPerSecond);
}

/** Runs in the page, before its own scripts. What is small is no data, and goes at once. */
function paceChannels(bytesPerSecond: number): void {
  const SMALL_BYTES = 2_048;
  const waiting: { readonly bytes: number; readonly send: () => void }[] = [];
  let freeAt = 0;
  const sendNext = (): void => {
    const next = waiting.shift();
    if (next === undefined) return;
    next.send();
    freeAt = performance.now() + (next.bytes / bytesPerSecond) * 1_000;
    if (waiting.length > 0) setTimeout(sendNext, freeAt - performance.now());
  };
  const send = Reflect.get(RTCDataChannel.prototype, 'send');
  Reflect.set(RTCDataChannel.prototype, 'send', function (this: RTCDataChannel, data: unknown) {
    const bytes = Number(Reflect.get(Object(data), 'byteLength') ?? 0);
    if (bytes <= SMALL_BYTES) {
      Reflect.apply(send, this, [data]);
      return;
    }
    waiting.push({
      bytes,
      send: () => {
        if (this.readyState === 'open') Reflect.apply(send, this, [data]);
      },
    });
    if (waiting.length === 1) setTimeout(sendNext, Math.max(0, freeAt - performance.now()));
  });
}
