import type { Store, startStoreThread } from '../sink/store.ts';

type StoreModule = {
  readonly Store: typeof Store;
  readonly startStoreThread: typeof startStoreThread;
};

/** Another page of this site, in a frame: with workers and locks of its own, which go with it however that ends. */
export interface OtherPage {
  readonly module: StoreModule;
  /** the page is gone, as when its tab is closed or has crashed: none of its code runs any more */
  vanish(): void;
}

/** Opens another page that has the store's module. */
export async function openOtherPage(): Promise<OtherPage> {
  const frame = document.createElement('iframe');
  document.body.append(frame);
  const module = await new Promise<StoreModule>((resolve) => {
    frame.addEventListener('store', (event: CustomEventInit<StoreModule>) => {
      if (event.detail !== undefined) resolve(event.detail);
    });
    const script = document.createElement('script');
    const address = JSON.stringify(new URL('../sink/store.ts', import.meta.url).href);
    script.type = 'module';
    script.textContent = `import * as store from ${address};
      frameElement.dispatchEvent(new CustomEvent('store', { detail: store }));`;
    frame.contentDocument?.body.append(script);
  });
  return { module, vanish: () => frame.remove() };
}
