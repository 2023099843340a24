import { HOP_HEIGHT, HOP_LEFT, HOP_PATH, HOP_RIGHT, HOP_WIDTH, hopPoint } from './hop-arc.ts';
import './hop.css';

/** `still`: nothing happens; `waiting`: one side looks for the other; `moving`: bytes are under way. */
export type HopStage = 'still' | 'waiting' | 'moving' | 'done' | 'broken';

interface HopProps {
  readonly stage: HopStage;
  /** how much has arrived, 0 to 1 */
  readonly fraction: number;
  /** what stands under the left and the right dot */
  readonly from: string;
  readonly to: string;
}

/** The cross of a break stays clear of the dots at both ends. */
const FIRST_BREAK = 0.14;
const LAST_BREAK = 0.86;

const LABEL_Y = HOP_LEFT.y + 28;

/** The hop from one browser to the other, as a picture. It repeats what the text says, so it is hidden from it. */
export function Hop({ stage, fraction, from, to }: HopProps) {
  const packet = hopPoint(fraction);
  const breakAt = fraction > 0 ? Math.min(Math.max(fraction, FIRST_BREAK), LAST_BREAK) : 0.5;
  const way = stage === 'broken' && fraction > 0 ? breakAt : fraction;
  return (
    <svg
      class="hop"
      data-stage={stage}
      viewBox={`0 0 ${HOP_WIDTH} ${HOP_HEIGHT}`}
      aria-hidden="true"
    >
      <path class="hop-track" d={HOP_PATH} />
      {way > 0 && (
        <path class="hop-way" d={HOP_PATH} pathLength={1} stroke-dasharray={`${way} 2`} />
      )}
      <circle class="hop-end" cx={HOP_LEFT.x} cy={HOP_LEFT.y} r="11" />
      <circle class="hop-end hop-far" cx={HOP_RIGHT.x} cy={HOP_RIGHT.y} r="9" />
      {stage === 'done' && (
        <path class="hop-check" d={`M${HOP_RIGHT.x - 4.5} ${HOP_RIGHT.y}l3.2 3.2l5.6 -6.2`} />
      )}
      {stage === 'broken' && <Break at={hopPoint(breakAt)} />}
      {stage === 'moving' && <circle class="hop-packet" cx={packet.x} cy={packet.y} r="6" />}
      <text class="hop-label" x={HOP_LEFT.x} y={LABEL_Y} text-anchor="middle">
        {from}
      </text>
      <text class="hop-label" x={HOP_RIGHT.x} y={LABEL_Y} text-anchor="middle">
        {to}
      </text>
    </svg>
  );
}

/** A cross where the way broke off. */
function Break({ at }: { readonly at: { readonly x: number; readonly y: number } }) {
  return (
    <>
      <circle class="hop-break-ground" cx={at.x} cy={at.y} r="14" />
      <path class="hop-break" d={`M${at.x - 6} ${at.y - 6}l12 12m0 -12l-12 12`} />
    </>
  );
}
