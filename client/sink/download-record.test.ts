import { describe, expect, it } from 'vitest';
import { createSecret } from '../share/link.ts';
import { buildManifest } from '../share/manifest.ts';
import { emptyNumberSet, withNumbers } from '../share/number-set.ts';
import { seededRandom } from '../testing/random.ts';
import {
  formatPlan,
  parsePlan,
  parseSummary,
  secretOf,
  summarizeDownload,
} from './download-record.ts';

const manifest = buildManifest([
  { path: 'trip/', size: 0, type: '', lastModified: 0 },
  { path: 'trip/a.jpg', size: 2 ** 40, type: 'image/jpeg', lastModified: 1_700_000_000_000 },
  { path: 'trip/日本', size: 7, type: '', lastModified: -1 },
]);
if (manifest === null) throw new Error('no such share');
const selected = withNumbers(emptyNumberSet(3), [0, 2]);
const record = { secret: createSecret(), manifest, selected, receiver: 'AAAAAAAAAAAAAAAA' };
const summary = {
  ...summarizeDownload(record, { type: 'folder', name: 'Downloads' }, 7),
  failed: [{ file: 2, reason: 'source-changed' } as const],
};
const plan = { manifest, selected, taken: ['trip'] };

/** The text with some characters changed, left out or doubled. */
function damage(text: string, seed: number): string {
  const random = seededRandom(seed);
  const characters = text.split('');
  for (let n = 1 + random.below(4); n > 0; n -= 1) {
    const at = random.below(characters.length);
    characters.splice(
      at,
      random.below(3),
      ...['{', '"', '9', '-', ']', 'null', ''].slice(random.below(7)),
    );
  }
  return characters.join('');
}

describe('download record', () => {
  it('reads back what it wrote', () => {
    expect(parsePlan(formatPlan(plan))).toEqual(plan);
    expect(parseSummary(JSON.stringify(summary))).toEqual(summary);
    expect(secretOf(summary)).toEqual(record.secret);
  });

  it('is read as well where it was kept before claims were', () => {
    const { claim, ...earlier } = summary;
    expect(claim).toBeNull();
    expect(parseSummary(JSON.stringify(earlier))).toEqual(summary);
    const claimed = { ...summary, claim: 'c'.repeat(42) + 'A' };
    expect(parseSummary(JSON.stringify(claimed))).toEqual(claimed);
  });

  it('is named after the first file that was selected, and counts what was', () => {
    expect(summary).toMatchObject({ name: 'trip/日本', fileCount: 2, totalBytes: 7 });
  });

  it.each([
    ['of another version', { ...summary, version: 2 }],
    ['with a secret that is none', { ...summary, secret: 'AAAA' }],
    ['with a size that is none', { ...summary, totalBytes: -1 }],
    ['in a place that there is not', { ...summary, place: { type: 'elsewhere' } }],
    ['with more than it should have', { ...summary, more: true }],
  ])('takes no summary %s', (_, changed) => {
    expect(parseSummary(JSON.stringify(changed))).toBeNull();
  });

  it('takes no plan whose selection is not one of its files', () => {
    const other = withNumbers(emptyNumberSet(30), [20]);
    expect(parsePlan(formatPlan({ ...plan, selected: other }))).toBeNull();
  });

  it('takes no text that is cut off anywhere', () => {
    const texts = [JSON.stringify(summary), formatPlan(plan)];
    for (const text of texts) {
      for (let length = 0; length < text.length; length += 1) {
        expect(parseSummary(text.slice(0, length))).toBeNull();
        expect(parsePlan(text.slice(0, length))).toBeNull();
      }
    }
  });

  it('throws at no text, and what it takes is sound', () => {
    for (let seed = 0; seed < 2_000; seed += 1) {
      const read = parseSummary(damage(JSON.stringify(summary), seed));
      if (read !== null) expect(secretOf(read), `seed ${seed}`).toHaveLength(16);
      const plan2 = parsePlan(damage(formatPlan(plan), seed));
      if (plan2 !== null) {
        expect(plan2.selected.size, `seed ${seed}`).toBe(plan2.manifest.entries.length);
      }
    }
  });
});
