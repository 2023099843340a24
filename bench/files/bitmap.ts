import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { type Random, seededRandom } from '../../client/testing/random.ts';

const SEED = 7;
const HEADER_BYTES = 54;
const WIDTH = 4_000;
const BYTES_PER_PIXEL = 3;
/** Of the pixels, how many the noise reaches: as in a picture that was cleaned, or drawn in part. */
const NOISY = 0.6;

/** Writes an uncompressed bitmap of about this many bytes: a sky that grows dark, with a little noise. Resolves to its size. */
export async function writeBitmap(file: string, bytes: number): Promise<number> {
  const rowBytes = WIDTH * BYTES_PER_PIXEL;
  const height = Math.max(1, Math.round((bytes - HEADER_BYTES) / rowBytes));
  const random = seededRandom(SEED);
  const stream = createWriteStream(file);
  stream.write(header(WIDTH, height));
  for (let y = 0; y < height; y += 1) {
    if (!stream.write(row(random, y / height))) await once(stream, 'drain');
  }
  stream.end();
  await finished(stream);
  return HEADER_BYTES + height * rowBytes;
}

/** BITMAPFILEHEADER and BITMAPINFOHEADER of 24 bits a pixel. */
function header(width: number, height: number): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES);
  bytes.write('BM');
  bytes.writeUInt32LE(HEADER_BYTES + width * height * BYTES_PER_PIXEL, 2);
  bytes.writeUInt32LE(HEADER_BYTES, 10);
  bytes.writeUInt32LE(40, 14);
  bytes.writeInt32LE(width, 18);
  bytes.writeInt32LE(height, 22);
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(BYTES_PER_PIXEL * 8, 28);
  return bytes;
}

/** A row of pixels at this height, from 0 to 1: blue, green, red each. */
function row(random: Random, y: number): Buffer {
  const pixels = Buffer.alloc(WIDTH * BYTES_PER_PIXEL);
  for (let x = 0; x < WIDTH; x += 1) {
    const light = 1 - y * 0.6 - (x / WIDTH) * 0.2;
    const noise = random.chance(NOISY) ? random.below(5) - 2 : 0;
    pixels[x * 3] = 235 * light + noise;
    pixels[x * 3 + 1] = 170 * light + noise;
    pixels[x * 3 + 2] = 60 + 110 * (1 - light) + noise;
  }
  return pixels;
}
