import { useMemo } from 'preact/hooks';
import type { CompareStep } from '../compare/compare-state.ts';
import type { CompareMethod, Comparison } from '../compare/comparison.ts';
import { METHOD_NAMES } from '../compare/method-words.ts';
import { summarize } from '../compare/summary.ts';
import { formatBytes } from './format.ts';
import { type Edge, edgesOfRow, edgesOfStep, middleOf } from './network-edges.ts';
import './network-picture.css';

/** Who was connected to whom, and how many bytes went over each line in one run: a picture for each method that ran. */
export function NetworkPictures({ comparison }: { readonly comparison: Comparison }) {
  const rows = useMemo(
    () => summarize(comparison).methods.filter(({ finished }) => finished > 0),
    [comparison],
  );
  if (rows.length === 0) return null;
  return (
    <ul class="networks" role="list" aria-label="Bytes on each line, by method">
      {rows.map((row) => (
        <li key={row.method} class="network" data-method={row.method}>
          <NetworkPicture method={row.method} edges={edgesOfRow(row)} />
          <p>
            <strong>{METHOD_NAMES[row.method]}</strong>
          </p>
        </li>
      ))}
    </ul>
  );
}

/** Who is connected to whom in the run that is being made, and what has gone over each line by now. */
export function LiveNetwork({ step, bytes }: LiveNetworkProps) {
  const { method } = step;
  return (
    <div class="network network-live" data-method={method}>
      <NetworkPicture method={method} edges={edgesOfStep(step, bytes)} />
      <p>
        <strong>{METHOD_NAMES[method]}</strong>, on the lines by now
      </p>
    </div>
  );
}

interface LiveNetworkProps {
  readonly step: Extract<CompareStep, { type: 'run' }>;
  /** of the whole run */
  readonly bytes: number;
}

const NODES = {
  sender: { x: 40, y: 112 },
  server: { x: 120, y: 30 },
  receiver: { x: 200, y: 112 },
} as const;
const ALL_LINES = [
  ['sender', 'server'],
  ['server', 'receiver'],
  ['sender', 'receiver'],
] as const;

interface NetworkPictureProps {
  readonly method: CompareMethod;
  readonly edges: readonly Edge[];
}

function NetworkPicture({ method, edges }: NetworkPictureProps) {
  const middle = middleOf(method);
  const name = (node: keyof typeof NODES) => (node === 'server' ? middle : node);
  const words = edges
    .map(({ from, to, bytes }) => `${formatBytes(bytes)} from ${name(from)} to ${name(to)}`)
    .join(', ');
  return (
    <svg
      class="network-picture"
      viewBox="0 0 240 142"
      role="img"
      aria-label={`${METHOD_NAMES[method]}: ${words}`}
    >
      {ALL_LINES.map(([from, to]) => (
        <path
          key={`${from} ${to}`}
          class="network-line"
          d={`M${NODES[from].x} ${NODES[from].y}L${NODES[to].x} ${NODES[to].y}`}
        />
      ))}
      {edges.map((edge) => (
        <EdgeLine key={edge.from} edge={edge} />
      ))}
      <circle class="network-node" cx={NODES.sender.x} cy={NODES.sender.y} r="9" />
      <circle class="network-node" cx={NODES.receiver.x} cy={NODES.receiver.y} r="9" />
      <rect class="network-node" x={NODES.server.x - 9} y={NODES.server.y - 9} {...SERVER_BOX} />
      <text class="network-name" {...NODES.sender} dy="26" text-anchor="middle">
        sender
      </text>
      <text class="network-name" {...NODES.receiver} dy="26" text-anchor="middle">
        receiver
      </text>
      <text class="network-name" {...NODES.server} dy="-16" text-anchor="middle">
        {middle}
      </text>
    </svg>
  );
}

const SERVER_BOX = { width: 18, height: 18, rx: 3 };
/** Lines end before the nodes. */
const CLEAR = 14;
const ARROW = { length: 9, width: 5 };

function EdgeLine({ edge: { from, to, bytes } }: { readonly edge: Edge }) {
  const [a, b] = [NODES[from], NODES[to]];
  const length = Math.hypot(b.x - a.x, b.y - a.y);
  const [dx, dy] = [(b.x - a.x) / length, (b.y - a.y) / length];
  const [start, end] = [
    { x: a.x + dx * CLEAR, y: a.y + dy * CLEAR },
    { x: b.x - dx * CLEAR, y: b.y - dy * CLEAR },
  ];
  const base = { x: end.x - dx * ARROW.length, y: end.y - dy * ARROW.length };
  const side = { x: -dy * ARROW.width, y: dx * ARROW.width };
  const straight = dy === 0;
  const label = {
    x: (a.x + b.x) / 2 + (straight ? 0 : from === 'sender' ? -10 : 10),
    y: (a.y + b.y) / 2 + (straight ? -8 : -2),
    'text-anchor': straight ? 'middle' : from === 'sender' ? 'end' : 'start',
  } as const;
  return (
    <>
      <path class="network-edge" d={`M${start.x} ${start.y}L${base.x} ${base.y}`} />
      <path
        class="network-arrow"
        d={`M${end.x} ${end.y}L${base.x + side.x} ${base.y + side.y}L${base.x - side.x} ${base.y - side.y}Z`}
      />
      <text class="network-bytes" {...label}>
        {formatBytes(bytes)}
      </text>
    </>
  );
}
