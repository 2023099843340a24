import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Manifest, type ManifestEntry, buildManifest } from '../share/manifest.ts';
import {
  MAX_CONTROL_BYTES,
  MAX_ENTRIES_PER_PART,
  encodeControlMessage,
} from './control-message.ts';
import {
  FIRST_MANIFEST_STEP,
  type ManifestStep,
  PARTS_AHEAD,
  acceptManifestPart,
  splitManifest,
} from './manifest-parts.ts';

function manifestOf(count: number, path: (index: number) => string): Manifest {
  const entries = Array.from({ length: count }, (_, index) => ({
    path: path(index),
    size: index,
    type: '',
    lastModified: 0,
  }));
  const manifest = buildManifest(entries);
  if (manifest === null) throw new Error('within the limits');
  return manifest;
}

function partsOf(manifest: Manifest): ManifestEntry[][] {
  const parts = splitManifest(manifest);
  if (parts === null) throw new Error('within the limits');
  return parts;
}

describe('a manifest in parts', () => {
  it('[LS1] keeps each part within what one message may carry', () => {
    for (const length of [1, 100, 4_096]) {
      const manifest = manifestOf(2_000, (index) => `${index}`.padStart(length, '\u0001'));
      const parts = partsOf(manifest);
      for (const [part, entries] of parts.entries()) {
        expect(entries.length).toBeLessThanOrEqual(MAX_ENTRIES_PER_PART);
        const message = { type: 'manifest-part', part, parts: parts.length, entries } as const;
        expect(encodeControlMessage(message).length).toBeLessThanOrEqual(MAX_CONTROL_BYTES);
      }
      expect(parts.flat()).toEqual(manifest.entries);
    }
  });

  it('[LS1] of no files is one empty part', () => {
    expect(partsOf(manifestOf(0, String))).toEqual([[]]);
  });

  it('[LS1] is refused where the names would need too many parts', () => {
    expect(splitManifest(manifestOf(20_000, () => '\u0001'.repeat(4_096)))).toBeNull();
  });

  it('[LS1] is whole again when all parts have come, in any order, few asked for at once', () => {
    const manifest = manifestOf(9_000, (index) => `folder/${index}`);
    const parts = partsOf(manifest);
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat()), (choices) => {
        let step: ManifestStep = FIRST_MANIFEST_STEP;
        const waiting: number[] = [];
        while (step.type === 'ask') {
          waiting.push(...step.ask);
          expect(waiting.length).toBeLessThanOrEqual(PARTS_AHEAD);
          const choice: number = choices.next().value ?? 0;
          const [part] = waiting.splice(choice % waiting.length, 1);
          if (part === undefined) throw new Error('nothing was asked for');
          step = acceptManifestPart(step.state, part, parts.length, parts[part] ?? []);
        }
        expect(step).toMatchObject({ type: 'whole', manifest });
      }),
      { numRuns: 20 },
    );
  });

  it('[LS2] refuses parts that were not asked for, that come twice, or that contradict the first', () => {
    const { state } = FIRST_MANIFEST_STEP;
    const entries = [{ path: 'a', size: 1, type: '', lastModified: 0 }];
    const invalid = (reason: string) => ({ type: 'invalid', reason });
    expect(acceptManifestPart(state, 1, 3, entries)).toEqual(invalid('message-unexpected'));
    const second = acceptManifestPart(state, 0, 3, entries);
    if (second.type !== 'ask') throw new Error('two parts are missing');
    expect(acceptManifestPart(second.state, 0, 3, entries)).toEqual(invalid('message-unexpected'));
    expect(acceptManifestPart(second.state, 1, 4, entries)).toEqual(invalid('manifest-invalid'));
  });

  it('[LS2] refuses more than a share may hold', () => {
    const entries = [{ path: 'a', size: Number.MAX_SAFE_INTEGER, type: '', lastModified: 0 }];
    expect(acceptManifestPart(FIRST_MANIFEST_STEP.state, 0, 1, entries)).toEqual({
      type: 'invalid',
      reason: 'manifest-invalid',
    });
  });
});
