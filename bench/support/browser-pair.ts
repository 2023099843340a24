import { type BrowserSetting, PlacedBrowser } from './placed-browser.ts';

/** The browsers of the two who transfer something. */
export interface BrowserPair {
  readonly sender: PlacedBrowser;
  readonly receiver: PlacedBrowser;
}

/** Starts two browsers, gives them to `use`, and closes them when that ends. */
export async function withBrowsers<Value>(
  setting: BrowserSetting,
  use: (pair: BrowserPair) => Promise<Value>,
): Promise<Value> {
  const sender = await PlacedBrowser.start('sender', setting);
  try {
    const receiver = await PlacedBrowser.start('receiver', setting);
    try {
      return await use({ sender, receiver });
    } finally {
      await receiver.close();
    }
  } finally {
    await sender.close();
  }
}
