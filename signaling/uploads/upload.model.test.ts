import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CLAIM_LAPSE_MS } from '../protocol/uploads.ts';
import { openUpload } from '../testing/open-upload.ts';
import {
  claim,
  confirm,
  giveBack,
  receive,
  release,
  settle,
  summarize,
  use,
  type OpenUpload,
} from './upload.ts';

const BY_RECEIVERS = ['claim', 'use', 'release', 'confirm', 'give-back'] as const;

type Action =
  | { readonly type: (typeof BY_RECEIVERS)[number]; readonly receiver: number }
  | { readonly type: 'advance'; readonly milliseconds: number };

const receiver = fc.nat(5);
const action: fc.Arbitrary<Action> = fc.oneof(
  ...BY_RECEIVERS.map((type) => fc.record({ type: fc.constant(type), receiver })),
  fc.record({
    type: fc.constant('advance' as const),
    milliseconds: fc.integer({ min: 1, max: CLAIM_LAPSE_MS }),
  }),
);

/** What has to hold, counted apart from the upload. */
class World {
  upload: OpenUpload | undefined;
  now = 0;
  readonly limit: number;
  readonly confirmed = new Set<number>();

  constructor(limit: number) {
    this.limit = limit;
    this.upload = openUpload({ downloadLimit: limit });
  }

  run(action: Action): void {
    if (this.upload === undefined) return;
    const settled = settle(this.upload, this.now, 0);
    if (settled.type === 'ended') throw new Error('it expired');
    this.upload = this.#step(settled, action);
    this.#check();
  }

  #step(upload: OpenUpload, action: Action): OpenUpload | undefined {
    if (action.type === 'advance') {
      this.now += action.milliseconds;
      return upload;
    }
    const id = `claim ${action.receiver}`;
    const had = upload.claims.some((other) => other.id === id);
    switch (action.type) {
      case 'claim': {
        const step = claim(upload, { id, receiver: `${action.receiver}` }, this.now);
        if (had) expect(step.type).toBe('claimed');
        return step.type === 'claimed' ? step.upload : upload;
      }
      case 'use': {
        const used = use(upload, id, this.now);
        expect(used !== undefined).toBe(had);
        return used ?? upload;
      }
      case 'release':
        return release(upload, id, this.now);
      case 'give-back': {
        const given = giveBack(upload, id);
        const has = given.claims.some((other) => other.id === id);
        expect(has).toBe(had && this.confirmed.has(action.receiver));
        return given;
      }
      case 'confirm': {
        const step = confirm(upload, id);
        expect(step !== undefined).toBe(had);
        if (step === undefined) return upload;
        this.confirmed.add(action.receiver);
        expect(step.downloads).toBe(this.confirmed.size);
        return step.upload.type === 'open' ? step.upload : undefined;
      }
    }
  }

  #check(): void {
    const { upload, limit, confirmed } = this;
    if (limit > 0) expect(confirmed.size).toBeLessThanOrEqual(limit);
    if (upload === undefined) {
      expect(confirmed.size).toBe(limit);
      return;
    }
    expect(upload.downloads).toBe(confirmed.size);
    const active = upload.claims.filter(({ type }) => type === 'active').length;
    if (limit > 0) expect(upload.downloads + active).toBeLessThanOrEqual(limit);
    expect(new Set(upload.claims.map(({ id }) => id)).size).toBe(upload.claims.length);
  }
}

describe('an upload', () => {
  test('[UP9][UP10] whatever receivers do, no more download than may, and each counts once', () => {
    fc.assert(
      fc.property(fc.nat(3), fc.array(action, { maxLength: 80, size: 'max' }), (limit, actions) => {
        const world = new World(limit);
        for (const step of actions) world.run(step);
        expect(world.upload?.downloads ?? limit).toBe(world.confirmed.size);
      }),
      { seed: 20_260_105, numRuns: 400 },
    );
  });

  test('[UP9] a claim lapses after ten minutes without use, and not while a request is open', () => {
    const claimed = claim(openUpload({ downloadLimit: 1 }), { id: 'a', receiver: 'a' }, 0);
    if (claimed.type === 'refused') throw new Error(claimed.code);
    expect(settle(claimed.upload, CLAIM_LAPSE_MS - 1, 0)).toBe(claimed.upload);
    expect(settle(claimed.upload, CLAIM_LAPSE_MS, 0)).toMatchObject({ claims: [] });
    const used = use(claimed.upload, 'a', 5);
    if (used === undefined) throw new Error('it has a claim');
    expect(settle(used, CLAIM_LAPSE_MS * 9, 0)).toBe(used);
    const idle = release(used, 'a', 7);
    expect(settle(idle, CLAIM_LAPSE_MS + 6, 0)).toBe(idle);
    expect(settle(idle, CLAIM_LAPSE_MS + 7, 0)).toMatchObject({ claims: [] });
  });

  test('[UP5] grows by whole records, and to its end', () => {
    const upload = openUpload({ unit: 10, length: 25 });
    const offsets = [0, 9, 10, 19, 24, 25].map((bytes) => receive(upload, bytes).offset);
    expect(offsets).toEqual([0, 0, 10, 10, 20, 25]);
    expect(summarize(receive(upload, 25), 0).complete).toBe(true);
    expect(summarize(receive(upload, 24), 0).complete).toBe(false);
  });

  test('[UP7] expires at its moment', () => {
    const upload = openUpload({ expiresAt: 100 });
    expect(settle(upload, 0, 99)).toBe(upload);
    expect(settle(upload, 0, 100)).toEqual({ type: 'ended', reason: 'expired' });
  });
});
