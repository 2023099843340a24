import type { InputKind } from './files/input.ts';
import { type Direction, type Line, type Lines, direction } from './links/line.ts';
import type { Variant } from './variants/variant.ts';

/** What is transferred, over what, and by which ways. */
export interface Profile {
  readonly id: string;
  /** for people */
  readonly title: string;
  /** null: the loopback of this machine */
  readonly lines: Lines | null;
  /** the sender's line out carries this many Mbit/s from the moment on when half could have been sent */
  readonly laterRate: number | null;
  readonly input: InputKind;
  readonly bytes: number;
  readonly variants: readonly Variant[];
  /** the seconds after which a way is stopped that is not through */
  readonly limits: Partial<Readonly<Record<Variant, number>>>;
  /** rounds where none are said */
  readonly runs: number;
  /** whether memory is watched, which itself takes some time */
  readonly withMemory: boolean;
}

const MB = 1_000_000;
const ALL: readonly Variant[] = ['tcp', 'usual', 'one-lane', 'onehop'];

/** How long a line delays each way, in milliseconds: a packet there and back crosses four directions. */
function lineOf(up: number, down: number, roundTripMs: number, out: Partial<Direction> = {}): Line {
  const delay = roundTripMs / 4;
  return { up: direction({ rate: up, delay, ...out }), down: direction({ rate: down, delay }) };
}

/** The same line on both sides. @param loss percent of the packets that the sender's line loses on their way out */
function bothSides(rate: number, roundTripMs: number, loss = 0): Lines {
  return {
    sender: lineOf(rate, rate, roundTripMs, { loss }),
    receiver: lineOf(rate, rate, roundTripMs),
  };
}

/** A line as at home, slower out than in, towards one that is not. */
const SLOW_OUT: Lines = { sender: lineOf(20, 100, 40), receiver: lineOf(100, 100, 40) };

function profile(said: Pick<Profile, 'id' | 'title' | 'lines'> & Partial<Profile>): Profile {
  return {
    laterRate: null,
    input: 'random',
    bytes: 100 * MB,
    variants: ALL,
    limits: { usual: 12, 'one-lane': 12 },
    runs: 5,
    withMemory: false,
    ...said,
  };
}

/** Everything that is measured, in this order. */
export const PROFILES: readonly Profile[] = [
  profile({
    id: 'loopback',
    title: 'loopback, 100 MB',
    lines: null,
    variants: ['raw', 'onehop'],
    limits: {},
  }),
  profile({
    id: 'loopback-1gb',
    title: 'loopback, 1 GB',
    lines: null,
    bytes: 1_000 * MB,
    variants: ['raw', 'onehop'],
    limits: { raw: 15 },
    runs: 3,
    withMemory: true,
  }),
  profile({ id: 'clean', title: '100 Mbit/s, 40 ms', lines: bothSides(100, 40) }),
  profile({
    id: 'loss-0.1',
    title: '100 Mbit/s, 40 ms, 0.1 % loss',
    lines: bothSides(100, 40, 0.1),
  }),
  profile({ id: 'loss-1', title: '100 Mbit/s, 40 ms, 1 % loss', lines: bothSides(100, 40, 1) }),
  profile({ id: 'uplink', title: '20 Mbit/s up, 40 ms', lines: SLOW_OUT }),
  profile({
    id: 'long',
    title: '50 Mbit/s, 200 ms',
    lines: bothSides(50, 200),
    limits: { usual: 15, 'one-lane': 15 },
  }),
  profile({ id: 'fast', title: '300 Mbit/s, 4 ms', lines: bothSides(300, 4) }),
  profile({
    id: 'halving',
    title: '100 Mbit/s, 40 ms, midway 50 Mbit/s',
    lines: bothSides(100, 40),
    laterRate: 50,
  }),
  profile({
    id: 'server',
    title: 'through the server, loopback, 500 MB',
    lines: null,
    bytes: 500 * MB,
    variants: ['http', 'stored', 'streamed'],
    limits: {},
    runs: 3,
  }),
  profile({
    id: 'server-uplink',
    title: 'through the server, 20 Mbit/s up, 40 ms',
    lines: SLOW_OUT,
    bytes: 50 * MB,
    variants: ['tcp', 'http', 'stored', 'streamed', 'onehop'],
    limits: {},
    runs: 3,
  }),
  profile({
    id: 'server-clean',
    title: 'through the server, 100 Mbit/s, 40 ms',
    lines: bothSides(100, 40),
    variants: ['tcp', 'http', 'stored', 'streamed', 'onehop'],
    limits: {},
    runs: 3,
  }),
  profile({
    id: 'json-lines',
    title: 'JSON lines, 20 Mbit/s up, 40 ms',
    lines: SLOW_OUT,
    input: 'json-lines',
    variants: ['tcp', 'onehop'],
    limits: { tcp: 12 },
  }),
  profile({
    id: 'source-tree',
    title: 'source tree, 20 Mbit/s up, 40 ms',
    lines: SLOW_OUT,
    input: 'source-tree',
    bytes: 20 * MB,
    variants: ['tcp', 'onehop'],
    runs: 3,
  }),
  profile({
    id: 'bitmap',
    title: 'bitmap, 20 Mbit/s up, 40 ms',
    lines: SLOW_OUT,
    input: 'bitmap',
    bytes: 30 * MB,
    variants: ['tcp', 'onehop'],
    runs: 3,
  }),
  ...(
    [
      ['random', 'a .bin of random bytes'],
      ['random-zip', 'a .zip'],
      ['random-small', '100 files of random bytes'],
    ] as const
  ).map(([input, what]) =>
    profile({
      id: `sampling-${input}`,
      title: `${what}, loopback, 100 MB`,
      lines: null,
      input,
      variants: ['no-inflating', 'onehop'],
      limits: {},
      runs: 6,
    }),
  ),
];
