import * as v from 'valibot';
import { OnehopError } from '../errors/onehop-error.ts';
import {
  MAX_FILES,
  type Manifest,
  buildManifest,
  encodeManifest,
  manifestEntrySchema,
} from '../share/manifest.ts';
import { RECORD_BYTES } from './record.ts';

const LENGTH_BYTES = 4;

/** The longest list of files, in bytes of its JSON: a receiver holds it before its user has agreed to anything. */
export const MAX_PREFACE_JSON_BYTES = 64 * 1024 * 1024;

/** The longest preface, in bytes: whole records. */
export const MAX_PREFACE_BYTES = prefaceBytesOf(MAX_PREFACE_JSON_BYTES);

const rowsSchema = v.pipe(
  v.array(v.strictTuple([v.unknown(), v.unknown(), v.unknown(), v.unknown()])),
  v.maxLength(MAX_FILES),
);
const entriesSchema = v.array(manifestEntrySchema);

/**
 * What an upload begins with: the length of the list of files, the list in its canonical form, and zeros that fill the last record.
 * @throws {OnehopError} `too-many-files` where the list is too long
 */
export function encodePreface(manifest: Manifest): Uint8Array<ArrayBuffer> {
  const json = encodeManifest(manifest);
  if (json.length > MAX_PREFACE_JSON_BYTES) throw new OnehopError('too-many-files');
  const preface = new Uint8Array(prefaceBytesOf(json.length));
  new DataView(preface.buffer).setUint32(0, json.length);
  preface.set(json, LENGTH_BYTES);
  return preface;
}

/**
 * The manifest in a preface. There is one way to write each: what differs from it is refused.
 * @throws {OnehopError} `manifest-invalid`
 */
export function decodePreface(preface: Uint8Array<ArrayBuffer>): Manifest {
  const manifest = buildManifest(readEntries(preface));
  if (manifest === null) throw new OnehopError('manifest-invalid');
  const written = encodePreface(manifest);
  const same =
    written.length === preface.length && written.every((byte, index) => byte === preface[index]);
  if (!same) throw new OnehopError('manifest-invalid');
  return manifest;
}

function readEntries(preface: Uint8Array<ArrayBuffer>): v.InferOutput<typeof entriesSchema> {
  if (preface.length < LENGTH_BYTES) throw new OnehopError('manifest-invalid');
  const length = new DataView(preface.buffer, preface.byteOffset).getUint32(0);
  if (length > MAX_PREFACE_JSON_BYTES || length > preface.length - LENGTH_BYTES) {
    throw new OnehopError('manifest-invalid');
  }
  try {
    const json = preface.subarray(LENGTH_BYTES, LENGTH_BYTES + length);
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(json);
    const rows = v.parse(rowsSchema, JSON.parse(text));
    return v.parse(
      entriesSchema,
      rows.map(([path, size, type, lastModified]) => ({ path, size, type, lastModified })),
    );
  } catch (cause) {
    throw new OnehopError('manifest-invalid', { cause });
  }
}

function prefaceBytesOf(jsonBytes: number): number {
  return Math.ceil((LENGTH_BYTES + jsonBytes) / RECORD_BYTES) * RECORD_BYTES;
}
