import { describe, expect, it } from 'vitest';
import { Traffic } from './traffic.ts';

const sample = Buffer.from('the sample that nobody shall see');

function trafficOf(...chunks: readonly Buffer[]): Traffic {
  const traffic = new Traffic();
  const record = traffic.addConnection();
  for (const chunk of chunks) record('up', chunk);
  return traffic;
}

/** Masks a payload as a WebSocket client does (RFC 6455, section 5.3). */
function masked(payload: Buffer, mask: Buffer): Buffer {
  return Buffer.from(payload.map((byte, index) => byte ^ mask.readUInt8(index % 4)));
}

describe('Traffic', () => {
  it('counts each connection and direction by itself', () => {
    const traffic = trafficOf(Buffer.alloc(5), Buffer.alloc(6));
    traffic.addConnection()('down', Buffer.alloc(7));
    expect(traffic.connections()).toEqual([
      { up: 11, down: 0 },
      { up: 0, down: 7 },
    ]);
    expect(traffic.totalBytes()).toBe(18);
  });

  it('finds a sample that two chunks share', () => {
    const traffic = trafficOf(Buffer.from('before'), sample.subarray(0, 9), sample.subarray(9));
    expect(traffic.carried(sample)).toBe(true);
  });

  it.each([0, 1, 2, 3])('finds a sample under a WebSocket mask, at offset %i', (offset) => {
    const payload = Buffer.concat([Buffer.alloc(offset, 120), sample, Buffer.from('after')]);
    const mask = Buffer.from([1, 200, 37, 90]);
    expect(trafficOf(masked(payload, mask)).carried(sample)).toBe(true);
  });

  it.each([0, 1, 2])('finds a sample in base64, at offset %i', (offset) => {
    const payload = Buffer.concat([Buffer.alloc(offset, 120), sample, Buffer.from('after')]);
    expect(trafficOf(Buffer.from(payload.toString('base64'))).carried(sample)).toBe(true);
  });

  it('does not find what did not pass', () => {
    expect(trafficOf(Buffer.from('something else entirely, and long enough')).carried(sample)).toBe(
      false,
    );
  });

  it('goes on counting beyond what it keeps', () => {
    const traffic = trafficOf(Buffer.alloc(5 * 1024 * 1024), sample);
    expect(traffic.totalBytes()).toBe(5 * 1024 * 1024 + sample.length);
    expect(traffic.carried(sample)).toBe(false);
  });
});
