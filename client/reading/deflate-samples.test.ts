import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UNSAMPLED_BYTES, isCompressed, samplesOf } from './deflate-samples.ts';

describe('samples of a file', () => {
  it('lie within it, apart from each other, from its beginning to its end, and are a small part of it', () => {
    const sizes = fc.oneof(
      fc.integer({ min: UNSAMPLED_BYTES + 1, max: 20_000_000 }),
      fc.constantFrom(UNSAMPLED_BYTES + 1, 2 ** 44),
    );
    fc.assert(
      fc.property(sizes, (size) => {
        const samples = samplesOf(size);
        let before = 0;
        for (const [start, end] of samples) {
          expect(start).toBeGreaterThanOrEqual(before);
          expect(end - start).toBeGreaterThanOrEqual(8_192);
          before = end;
        }
        expect([samples[0]?.[0], before]).toEqual([0, size]);
        const bytes = samples.reduce((sum, [start, end]) => sum + end - start, 0);
        expect(bytes).toBeLessThanOrEqual(Math.max(size / 40, 3 * 8_192));
        expect(bytes).toBeLessThanOrEqual(3 * 65_536);
      }),
    );
  });
});

describe('files that are compressed by what they are', () => {
  it.each([
    ['a/film.MP4', ''],
    ['photo.jpg', 'image/jpeg'],
    ['x.tar.gz', ''],
    ['x.tgz', ''],
    ['noname', 'video/mp4'],
    ['report.docx', ''],
  ])('are known: %s %s', (path, type) => {
    expect(isCompressed({ path, type })).toBe(true);
  });

  it.each([
    ['log.txt', 'text/plain'],
    ['picture.bmp', 'image/bmp'],
    ['drawing.svg', 'image/svg+xml'],
    ['sound.wav', 'audio/wav'],
    ['zip', ''],
    ['x.gzip.json', ''],
  ])('are not: %s %s', (path, type) => {
    expect(isCompressed({ path, type })).toBe(false);
  });
});
