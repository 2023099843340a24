import { decodeBase64url, encodeBase64url } from '../encoding/base64url.ts';

/** A set of numbers below a fixed size, one bit each: pieces of a share, or files of it. Never changed in place. */
export interface NumberSet {
  readonly size: number;
  /** how many numbers are in it */
  readonly count: number;
  /** number `n` is bit `n % 8` of byte `n / 8`; bits from `size` on are 0 */
  readonly bits: Uint8Array;
}

/** The empty set of numbers below `size`. */
export function emptyNumberSet(size: number): NumberSet {
  return { size, count: 0, bits: new Uint8Array(Math.ceil(size / 8)) };
}

/** The set of all numbers below `size`. */
export function fullNumberSet(size: number): NumberSet {
  const bits = new Uint8Array(Math.ceil(size / 8)).fill(0xff);
  const rest = size & 7;
  if (rest > 0) bits[bits.length - 1] = (1 << rest) - 1;
  return { size, count: size, bits };
}

/** Whether `number` is in the set. */
export function hasNumber(set: NumberSet, number: number): boolean {
  return ((set.bits[number >> 3] ?? 0) & (1 << (number & 7))) !== 0;
}

/**
 * The set with these numbers in it, or without them where `included` is false; `set` stays as it is.
 * @throws {RangeError} for a number not below its size
 */
export function withNumbers(set: NumberSet, numbers: Iterable<number>, included = true): NumberSet {
  const bits = set.bits.slice();
  let { count } = set;
  for (const number of numbers) {
    if (number < 0 || number >= set.size) throw new RangeError('no such number');
    const bit = 1 << (number & 7);
    const byte = bits[number >> 3] ?? 0;
    if (((byte & bit) !== 0) === included) continue;
    bits[number >> 3] = included ? byte | bit : byte & ~bit;
    count += included ? 1 : -1;
  }
  return { size: set.size, count, bits };
}

/** The numbers in the set, in order. */
export function* numbersIn(set: NumberSet): Generator<number> {
  for (let number = 0; number < set.size; number += 1) if (hasNumber(set, number)) yield number;
}

/** The set's bits in base64url. */
export function encodeNumberSet(set: NumberSet): string {
  return encodeBase64url(set.bits);
}

/** Reads what `encodeNumberSet` wrote; null where it is no set of numbers below `size`. */
export function decodeNumberSet(text: string, size: number): NumberSet | null {
  const bits = decodeBase64url(text);
  if (bits === null || bits.length !== Math.ceil(size / 8)) return null;
  const rest = size & 7;
  if (rest > 0 && (bits.at(-1) ?? 0) >> rest !== 0) return null;
  let count = 0;
  for (let byte of bits) for (; byte !== 0; byte &= byte - 1) count += 1;
  return { size, count, bits };
}

/** Whether two sets have the same numbers in them. */
export function sameNumbers(one: NumberSet, other: NumberSet): boolean {
  return (
    one === other ||
    (one.size === other.size &&
      one.count === other.count &&
      one.bits.every((byte, index) => byte === other.bits[index]))
  );
}

/** Whether every number of `part` is in `whole` as well. */
export function isSubset(part: NumberSet, whole: NumberSet): boolean {
  return (
    part.size === whole.size &&
    part.bits.every((byte, index) => (byte & ~(whole.bits[index] ?? 0)) === 0)
  );
}
