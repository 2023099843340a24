// @vitest-environment happy-dom
import { expect, test, vi } from 'vitest';
import { createSecret } from '../share/link.ts';
import { handOver, takeOver } from './hand-over.ts';

const ORIGIN = 'https://onehop.test';

/** A window as far as messages go: what is posted to it arrives as from `source`. */
class FakeWindow {
  readonly origin = ORIGIN;
  readonly #listeners = new Set<(event: MessageEvent<unknown>) => void>();
  opener: FakeWindow | null = null;
  source: FakeWindow | null = null;
  opened: FakeWindow | null = null;

  addEventListener(_type: 'message', listener: (event: MessageEvent<unknown>) => void): void {
    this.#listeners.add(listener);
  }

  open(): FakeWindow | null {
    return this.opened;
  }

  postMessage(data: unknown, origin: string): void {
    if (origin === this.origin) this.arrive(data, this.source, ORIGIN);
  }

  arrive(data: unknown, source: FakeWindow | null, origin: string): void {
    const event = new MessageEvent('message', { data, origin });
    Object.defineProperty(event, 'source', { value: source });
    for (const listener of this.#listeners) listener(event);
  }
}

function openPair() {
  const [sharing, comparing] = [new FakeWindow(), new FakeWindow()];
  sharing.opened = comparing;
  comparing.opener = sharing;
  sharing.source = comparing;
  comparing.source = sharing;
  return { sharing, comparing };
}

test('the page that is opened gets the files, and the one that opened it the secret', async () => {
  const { sharing, comparing } = openPair();
  const onSecret = vi.fn<(secret: Uint8Array) => void>();
  const files = [new File(['abc'], 'a.txt')];
  handOver(sharing, files, onSecret);
  const secret = createSecret();
  expect(await takeOver(comparing, secret)).toEqual(files);
  expect(onSecret).toHaveBeenCalledExactlyOnceWith(secret);
});

test('a page that nobody opened asks nobody', async () => {
  expect(await takeOver(new FakeWindow(), createSecret())).toBeNull();
});

test('files go to no other page, of whatever origin, and come from no other', async () => {
  const { sharing, comparing } = openPair();
  const onSecret = vi.fn<() => void>();
  const posted = vi.spyOn(comparing, 'postMessage');
  handOver(sharing, [new File(['abc'], 'a.txt')], onSecret);
  const asking = { type: 'onehop-files-wanted', secret: 'A'.repeat(22) };
  sharing.arrive(asking, new FakeWindow(), ORIGIN);
  sharing.arrive(asking, comparing, 'https://elsewhere.example');
  sharing.arrive({ ...asking, secret: 'short' }, comparing, ORIGIN);
  sharing.arrive('nonsense', comparing, ORIGIN);
  expect(onSecret).not.toHaveBeenCalled();
  expect(posted).not.toHaveBeenCalled();
});
