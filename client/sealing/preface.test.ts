import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildManifest, encodeManifest } from '../share/manifest.ts';
import { makeManifest } from '../testing/make-manifest.ts';
import { seededRandom } from '../testing/random.ts';
import { decodePreface, encodePreface } from './preface.ts';
import { RECORD_BYTES } from './record.ts';

const entry = fc.record({
  path: fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
    .filter((path) => !path.endsWith('/')),
  size: fc.nat(2 ** 40),
  type: fc.string({ maxLength: 10 }),
  lastModified: fc.maxSafeNat(),
});

/** A preface with this text where the list of files stands. */
function prefaceOf(text: string, length?: number): Uint8Array<ArrayBuffer> {
  const json = new TextEncoder().encode(text);
  const preface = new Uint8Array(RECORD_BYTES);
  new DataView(preface.buffer).setUint32(0, length ?? json.length);
  preface.set(json, 4);
  return preface;
}

describe('preface', () => {
  it('[ST5] gives the manifest back, in whole records', () => {
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 30 }), (entries) => {
        const manifest = buildManifest(entries);
        if (manifest === null) return;
        const preface = encodePreface(manifest);
        expect(preface.length % RECORD_BYTES).toBe(0);
        expect(decodePreface(preface)).toEqual(manifest);
      }),
    );
  });

  it('[ST5] is the length of the list, the list, and zeros', () => {
    const manifest = makeManifest(3);
    const preface = encodePreface(manifest);
    const json = encodeManifest(manifest);
    expect(new DataView(preface.buffer).getUint32(0)).toBe(json.length);
    expect(preface.slice(4, 4 + json.length)).toEqual(json);
    expect(preface.subarray(4 + json.length).every((byte) => byte === 0)).toBe(true);
    expect(decodePreface(encodePreface(makeManifest()))).toEqual(makeManifest());
  });

  it('[ST5] takes as many records as the list needs', () => {
    const sizes = Array.from({ length: 20_000 }, () => 1);
    const manifest = makeManifest(...sizes);
    const preface = encodePreface(manifest);
    expect(preface.length).toBe(
      Math.ceil((encodeManifest(manifest).length + 4) / RECORD_BYTES) * RECORD_BYTES,
    );
    expect(decodePreface(preface)).toEqual(manifest);
  });

  it.each([
    ['no JSON', prefaceOf('[')],
    ['no list', prefaceOf('{}')],
    ['a row with a field too many', prefaceOf('[["a",1,"",0,0]]')],
    ['a row with a field too few', prefaceOf('[["a",1,""]]')],
    ['a negative size', prefaceOf('[["a",-1,"",0]]')],
    ['a size that is a text', prefaceOf('[["a","1","",0]]')],
    ['a folder with bytes', prefaceOf('[["a/",1,"",0]]')],
    ['more bytes than a share may have', prefaceOf('[["a",9007199254740991,"",0]]')],
    ['white space', prefaceOf('[["a", 1,"",0]]')],
    ['a length beyond its end', prefaceOf('[]', RECORD_BYTES)],
    ['a length beyond all bounds', prefaceOf('[]', 2 ** 32 - 1)],
    ['a length that cuts the list', prefaceOf('[["a",1,"",0]]', 5)],
    ['nothing', new Uint8Array()],
    ['half a record', prefaceOf('[]').slice(0, RECORD_BYTES / 2)],
    ['a record too many', new Uint8Array([...prefaceOf('[]'), ...new Uint8Array(RECORD_BYTES)])],
  ])('[ST5] is refused with %s', (_, preface) => {
    expect(() => decodePreface(preface)).toThrow('manifest-invalid');
  });

  it('[ST5] is refused or read, whatever byte is another: nothing else comes of it', () => {
    const random = seededRandom(5);
    const right = encodePreface(makeManifest(1, 0, 5_000_000));
    for (let run = 0; run < 300; run += 1) {
      const changed = right.slice();
      changed[random.below(200)] = random.below(256);
      try {
        const again = encodePreface(decodePreface(changed));
        expect(again.every((byte, at) => byte === changed[at])).toBe(true);
      } catch (error) {
        expect(String(error)).toContain('manifest-invalid');
      }
    }
  });
});
