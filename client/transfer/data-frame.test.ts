import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HASH_BYTES } from '../integrity/hash-ledger.ts';
import { PIECE_BYTES } from '../share/manifest.ts';
import {
  DATA_HEADER_BYTES,
  type FramePlace,
  dataFrameOverhead,
  decodeDataFrame,
  writeDataFrameHeader,
} from './data-frame.ts';

const places = fc.record({
  file: fc.nat(0xffff_ffff),
  piece: fc.nat(0xffff_ffff),
  form: fc.constantFrom('plain' as const, 'deflated' as const),
  total: fc.integer({ min: PIECE_BYTES - 64, max: PIECE_BYTES }),
  offset: fc.oneof(fc.constant(0), fc.nat(PIECE_BYTES - 128)),
});
const payloads = fc.uint8Array({ minLength: 1, maxLength: 64 });
const hashes = fc.uint8Array({ minLength: HASH_BYTES, maxLength: HASH_BYTES });

function encode(place: FramePlace, payload: Uint8Array, hash: Uint8Array): ArrayBuffer {
  const head = dataFrameOverhead(place.offset);
  const frame = new Uint8Array(head + payload.length);
  writeDataFrameHeader(frame, place, payload.length, hash);
  frame.set(payload, head);
  return frame.buffer;
}

const PLACE: FramePlace = { file: 0, piece: 0, form: 'plain', total: 9, offset: 0 };

const good = () => new Uint8Array(encode(PLACE, new Uint8Array(9), new Uint8Array(32)));

describe('data frame', () => {
  it('[PM3] gives back what was put in', () => {
    fc.assert(
      fc.property(places, payloads, hashes, (place, payload, hash) => {
        const frame = decodeDataFrame(encode(place, payload, hash));
        const { file, piece, form, total, offset } = frame;
        expect({ file, piece, form, total, offset }).toEqual(place);
        expect(Uint8Array.from(frame.payload)).toEqual(Uint8Array.from(payload));
        expect(frame.hash && Uint8Array.from(frame.hash)).toEqual(
          place.offset === 0 ? Uint8Array.from(hash) : null,
        );
      }),
    );
  });

  it('[PM3] stands on the wire as PROTOCOL.md shows it', () => {
    const bytes = encode(
      { file: 1, piece: 2, form: 'deflated', total: 5, offset: 3 },
      Uint8Array.of(0xaa),
      new Uint8Array(32),
    );
    expect([...new Uint8Array(bytes)]).toEqual([
      1, 2, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0, 5, 0xaa,
    ]);
  });

  it.each([
    ['another version', 0, 2],
    ['another type', 1, 1],
    ['an unknown flag', 2, 0x80],
    ['no hash at offset 0', 3, 0],
    ['a hash behind offset 0', 15, 1],
    ['a length that is not there', 19, 10],
    ['a length that leaves bytes over', 19, 8],
    ['no payload', 19, 0],
    ['a total before its end', 23, 8],
    ['a total beyond a piece', 20, 1],
  ])('[PM3] with %s is malformed', (_, index, value) => {
    const bytes = good();
    bytes[index] = value;
    expect(() => decodeDataFrame(bytes.buffer)).toThrow('frame-malformed');
  });

  it('[PM3] that reaches beyond a piece is malformed', () => {
    const payload = new Uint8Array(8);
    const hash = new Uint8Array(32);
    const end = PIECE_BYTES - 8;
    const place: FramePlace = { ...PLACE, total: PIECE_BYTES };
    const last = encode({ ...place, offset: end }, payload, hash);
    expect(decodeDataFrame(last).offset).toBe(end);
    const beyond = encode({ ...place, offset: end + 1 }, payload, hash);
    expect(() => decodeDataFrame(beyond)).toThrow('frame-malformed');
  });

  it('[PM3] cut short anywhere is malformed', () => {
    const whole = good();
    for (let length = 0; length < whole.length; length += 1) {
      expect(() => decodeDataFrame(whole.buffer.slice(0, length))).toThrow('frame-malformed');
    }
  });

  it('fuzz: any bytes either decode to a frame within the message, or are refused by name', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, plausible) => {
        const message = Uint8Array.from(bytes);
        if (plausible) message.set(Uint8Array.of(1, 2, 0).subarray(0, message.length));
        try {
          const frame = decodeDataFrame(message.buffer);
          expect(frame.payload.length).toBeGreaterThan(0);
          expect(frame.payload.length).toBeLessThanOrEqual(message.length - DATA_HEADER_BYTES);
        } catch (error) {
          expect(error).toMatchObject({ reason: 'frame-malformed' });
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
