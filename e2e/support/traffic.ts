/** What passed through one connection of a counting proxy. */
export interface ConnectionTraffic {
  /** bytes from the browser to the server */
  readonly up: number;
  /** bytes from the server to the browser */
  readonly down: number;
}

type Direction = keyof ConnectionTraffic;

/** The most that is kept of each direction of a connection, in bytes; counting goes on beyond it. */
const MAX_RECORDED_BYTES = 4 * 1024 * 1024;

/** The distance at which a WebSocket mask repeats, in bytes (RFC 6455, section 5.3). */
const MASK_LENGTH = 4;

class Stream {
  bytes = 0;
  readonly #chunks: Buffer[] = [];
  #recorded = 0;

  record(chunk: Buffer): void {
    this.bytes += chunk.length;
    const kept = chunk.subarray(0, MAX_RECORDED_BYTES - this.#recorded);
    if (kept.length === 0) return;
    this.#chunks.push(kept);
    this.#recorded += kept.length;
  }

  recorded(): Buffer {
    return Buffer.concat(this.#chunks);
  }
}

/** Counts and keeps what passes between browsers and a server. */
export class Traffic {
  readonly #connections: Readonly<Record<Direction, Stream>>[] = [];

  /** Adds a connection. Returns what records its chunks. */
  addConnection(): (direction: Direction, chunk: Buffer) => void {
    const streams = { up: new Stream(), down: new Stream() };
    this.#connections.push(streams);
    return (direction, chunk) => streams[direction].record(chunk);
  }

  /** The counts of each connection, in the order in which they were opened. */
  connections(): readonly ConnectionTraffic[] {
    return this.#connections.map(({ up, down }) => ({ up: up.bytes, down: down.bytes }));
  }

  /** All bytes in both directions. */
  totalBytes(): number {
    return this.connections().reduce((sum, { up, down }) => sum + up + down, 0);
  }

  /**
   * Whether `sample` passed through: as it is, under a WebSocket mask, or in base64 of either alphabet.
   * Looks at the first 4 MiB of each direction of each connection.
   * @param sample at least 16 bytes, or it may be found by chance
   */
  carried(sample: Buffer): boolean {
    const forms = [sample, ...base64Forms(sample)].map(withoutMask);
    return this.#connections.some(({ up, down }) =>
      [up, down].some((stream) => {
        const recorded = withoutMask(stream.recorded());
        return forms.some((form) => recorded.includes(form));
      }),
    );
  }
}

/**
 * Each byte combined with the one a mask's length later. A mask falls out of it, so masked and plain bytes look the
 * same, and a sample is found under any mask.
 */
function withoutMask(bytes: Buffer): Buffer {
  const combined = Buffer.alloc(Math.max(0, bytes.length - MASK_LENGTH));
  for (let index = 0; index < combined.length; index++) {
    combined[index] = bytes.readUInt8(index) ^ bytes.readUInt8(index + MASK_LENGTH);
  }
  return combined;
}

/** The sample in base64, for each of the three places in a group at which it can begin, without its ragged ends. */
function base64Forms(sample: Buffer): readonly Buffer[] {
  return [0, 1, 2].flatMap((skipped) => {
    const whole = sample.subarray(skipped, skipped + Math.floor((sample.length - skipped) / 3) * 3);
    return [Buffer.from(whole.toString('base64')), Buffer.from(whole.toString('base64url'))];
  });
}
