import { describe, expect, it } from 'vitest';
import { fullNumberSet } from '../share/number-set.ts';
import { FakeServerSource } from '../testing/fake-server-source.ts';
import { makeManifest } from '../testing/make-manifest.ts';
import { MemoryStore } from '../testing/memory-store.ts';
import { Fetch } from '../transfer/fetch.ts';
import { Receipt } from '../transfer/receipt.ts';
import type { WayState } from './carrier-machine.ts';
import { ServerLink } from './server-link.ts';

const SIZE = 10;

/** A link to a server that has one small file, and whose pieces are never taken. */
function openLink() {
  const manifest = makeManifest(SIZE);
  const files = fullNumberSet(1);
  const sources: FakeServerSource[] = [];
  const states: WayState['type'][] = [];
  let now = 0;
  const link = new ServerLink(
    {
      openServerSource: (listener) => {
        const source = new FakeServerSource(manifest, [new Uint8Array(SIZE)], listener);
        sources.push(source);
        return source;
      },
      clock: () => now,
    },
    {
      onState: ({ type }) => states.push(type),
      onManifest: () => {},
      onUpload: () => {},
      onRootKnown: () => {},
      onClaim: () => {},
      onClaimSettled: () => {},
    },
  );
  const receipt = new Receipt(manifest, files, new MemoryStore([SIZE]));
  const fetch = new Fetch(receipt, files, {
    onProgress: () => {},
    onFilesFailed: () => {},
    onTrouble: () => {},
    onChecking: () => {},
    onDone: () => {},
    onFailed: () => {},
  });
  const selection = { manifest, receiver: 'r', digest: 'd', files };
  return {
    link,
    sources,
    states,
    serve: async () => {
      link.look();
      await settled();
      link.serve({ fetch, selection, pressedAt: null });
    },
    pass: async (ms: number) => {
      now += ms;
      link.tick();
      await settled();
    },
  };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

describe('link to the server', () => {
  it('counts as a download what began over it, whichever way the last of it came', async () => {
    const { link, sources, serve } = openLink();
    await serve();
    link.rest();
    expect(sources[0]?.claimed).toBe('open');
    link.complete();
    expect(sources[0]?.claimed).toBe('confirmed');
    link.end('receiver-left');
  });

  it('counts nothing as a download where another way carried all the time', async () => {
    const { link, sources } = openLink();
    link.look();
    await settled();
    link.complete();
    link.end('receiver-cancelled');
    expect(sources.map(({ claimed }) => claimed)).toEqual(['open']);
  });

  it.each([
    ['receiver-cancelled', 'given-back'],
    ['receiver-left', 'open'],
  ] as const)('ended as %s, its place among the downloads is %s', async (reason, claimed) => {
    const { link, sources, serve } = openLink();
    await serve();
    link.end(reason);
    expect(sources[0]?.claimed).toBe(claimed);
  });

  it('takes up the upload that was put in the place of the one it read', async () => {
    const { link, sources, states, serve, pass } = openLink();
    await serve();
    sources[0]?.end('lane-replaced');
    await pass(1_000);
    expect(states).toEqual(['up', 'down', 'up']);
    expect(sources.length).toBe(2);
    link.end('receiver-left');
  });
});
