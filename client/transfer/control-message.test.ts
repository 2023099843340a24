import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asOnehopError } from '../errors/onehop-error.ts';
import { MAX_FILES } from '../share/manifest.ts';
import { encodeNumberSet, fullNumberSet } from '../share/number-set.ts';
import {
  BYE_REASONS,
  type ControlMessage,
  MAX_CONTROL_BYTES,
  MAX_RANGES_PER_REQUEST,
  decodeControlMessage,
  encodeControlMessage,
} from './control-message.ts';
import { decodePeerMessage } from './peer-message.ts';

const root = 'A'.repeat(43);
const entry = { path: 'a b/ü.txt', size: 5, type: 'text/plain', lastModified: 1 };

/** The largest set of files that there can be. */
const allFiles = encodeNumberSet(fullNumberSet(MAX_FILES));

const samples: readonly ControlMessage[] = [
  { type: 'hello', protocol: 1, inflates: true },
  { type: 'signal', lane: 65_535, signal: { type: 'offer', sdp: 'v=0' } },
  { type: 'ping', id: 1 },
  { type: 'pong', id: 1 },
  { type: 'manifest-request', part: 0 },
  { type: 'manifest-part', part: 0, parts: 1, entries: [entry] },
  { type: 'request', ranges: [[0, 0, 0, 1]] },
  { type: 'select', manifest: root, files: 'AQ', receiver: 'A'.repeat(16) },
  { type: 'select', manifest: root, files: allFiles, receiver: 'A'.repeat(16) },
  { type: 'unavailable', file: 0, reason: 'source-changed' },
  { type: 'pause', number: 1, paused: true },
  { type: 'progress', bytes: 0 },
  { type: 'checking', bytes: 0 },
  { type: 'root', root, files: allFiles },
  { type: 'complete', root },
  ...BYE_REASONS.map((reason) => ({ type: 'bye', reason }) as const),
];

function encodeJson(value: unknown): ArrayBuffer {
  const json = new TextEncoder().encode(JSON.stringify(value));
  return Uint8Array.of(1, 1, 0, 0, ...json).buffer;
}

describe('control message', () => {
  it.each(samples)('[PM2] $type comes back as it was sent', (message) => {
    expect(decodeControlMessage(encodeControlMessage(message).buffer)).toEqual(message);
  });

  it('[PM2] reads a greeting that does not say whether its side inflates as one that does not', () => {
    const message = encodeJson({ type: 'hello', protocol: 1 });
    expect(decodeControlMessage(message)).toEqual({ type: 'hello', protocol: 1, inflates: false });
  });

  it('[PM2] stands on the wire as PROTOCOL.md shows it', () => {
    const bytes = encodeControlMessage({ type: 'ping', id: 7 });
    expect([...bytes.subarray(0, 4)]).toEqual([1, 1, 0, 0]);
    expect(new TextDecoder().decode(bytes.subarray(4))).toBe('{"type":"ping","id":7}');
  });

  it.each<unknown>([
    null,
    [],
    'hello',
    {},
    { type: 'unheard-of' },
    { type: 'hello' },
    { type: 'hello', protocol: '1' },
    { type: 'hello', protocol: 1, more: true },
    { type: 'ping', id: -1 },
    { type: 'ping', id: 2 ** 53 },
    { type: 'manifest-part', part: 0, parts: 0, entries: [] },
    { type: 'manifest-part', part: 0, parts: 1, entries: Array.from({ length: 501 }, () => entry) },
    { type: 'manifest-part', part: 0, parts: 1, entries: [{ ...entry, size: 1e300 }] },
    { type: 'request', ranges: [] },
    { type: 'request', ranges: [[0, 0, 1]] },
    { type: 'request', ranges: [[0, 0, 0, 0]] },
    { type: 'request', ranges: [[0, 0, 0, 2 ** 20 + 1]] },
    { type: 'request', ranges: [[0, 0, 2 ** 20 + 1, 1]] },
    { type: 'signal', lane: 65_536, signal: { type: 'offer', sdp: 'v=0' } },
    { type: 'signal', lane: 0, signal: { type: 'offer' } },
    {
      type: 'request',
      ranges: Array.from({ length: MAX_RANGES_PER_REQUEST + 1 }, () => [0, 0, 0, 1]),
    },
    {
      type: 'manifest-part',
      part: 0,
      parts: 1,
      entries: [{ ...entry, path: 'folder/', size: 1 }],
    },
    { type: 'root', root: 'short', files: '' },
    { type: 'root', root },
    { type: 'root', root, files: '=' },
    { type: 'select', manifest: root, files: '', receiver: 'short' },
    { type: 'pause', number: 1, paused: 1 },
    { type: 'unavailable', file: 0, reason: 'storage-full' },
    { type: 'bye', reason: 'because' },
  ])('[PM2] refuses %j', (value) => {
    expect(() => decodeControlMessage(encodeJson(value))).toThrow('message-malformed');
  });

  it('[PM2] refuses a set of more files than a share can have', () => {
    const message = { type: 'root', root, files: `${allFiles}AA` };
    expect(() => decodeControlMessage(encodeJson(message))).toThrow('message-malformed');
  });

  it('[PM2] refuses what is too large, not UTF-8, not JSON, or has another head', () => {
    const large = encodeJson({ type: 'hello', protocol: 1, pad: 'x'.repeat(MAX_CONTROL_BYTES) });
    const bad = [
      large,
      Uint8Array.of(1, 1, 0, 0, 0x22, 0xff, 0x22).buffer,
      Uint8Array.of(1, 1, 0, 0, 0x7b).buffer,
      Uint8Array.of(1, 1, 0, 0).buffer,
      Uint8Array.of(1, 1, 1, 0, 0x30).buffer,
      new ArrayBuffer(3),
    ];
    for (const bytes of bad) expect(() => decodeControlMessage(bytes)).toThrow('message-malformed');
  });

  it('[PM1] fuzz: any bytes decode to something typed or are refused by name', () => {
    const jsonish = fc.jsonValue().map((value) => new Uint8Array(encodeJson(value)));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), jsonish), (bytes) => {
        try {
          expect(decodePeerMessage(Uint8Array.from(bytes).buffer).type).toMatch(/^(control|data)$/);
        } catch (error) {
          expect(['frame-malformed', 'message-malformed']).toContain(asOnehopError(error).reason);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('[PM1] fuzz: a good message with any one byte changed is refused by name or still typed', () => {
    fc.assert(
      fc.property(fc.constantFrom(...samples), fc.nat(), fc.nat(255), (message, at, value) => {
        const bytes = encodeControlMessage(message);
        bytes[at % bytes.length] = value;
        try {
          decodePeerMessage(bytes.buffer);
        } catch (error) {
          expect(error).toHaveProperty('reason');
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('[PM1] of no known type is malformed', () => {
    expect(() => decodePeerMessage(Uint8Array.of(1, 9, 0, 0).buffer)).toThrow('frame-malformed');
    expect(() => decodePeerMessage(new ArrayBuffer(0))).toThrow('frame-malformed');
  });
});
