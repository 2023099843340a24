import { type ReadonlySignal, useComputed, useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import type { TransferDetails } from '../session/transfer-details.ts';
import type { TransferReport } from '../session/transfer-report.ts';
import { formatBytes, formatCount, formatRate } from './format.ts';
import { RateFigure } from './rate-figure.tsx';
import './details.css';

interface DetailsProps {
  /** null where there is nothing to show */
  readonly details: ReadonlySignal<TransferDetails | null>;
  /** id of what says whose details these are */
  readonly of?: string;
}

/** A button that shows how a transfer's bytes travel. Only what is open is drawn anew as that changes. */
export function Details({ details, of }: DetailsProps) {
  const isOpen = useSignal(false);
  const isKnown = useComputed(() => details.value !== null);
  const id = useId();
  if (!isKnown.value) return null;
  return (
    <div class="details">
      <button
        type="button"
        class="details-button"
        aria-expanded={isOpen.value}
        aria-controls={id}
        {...(of !== undefined && { 'aria-describedby': of })}
        onClick={() => (isOpen.value = !isOpen.value)}
      >
        Details
      </button>
      <div id={id} hidden={!isOpen.value}>
        {isOpen.value && <Panel details={details} />}
      </div>
    </div>
  );
}

function Panel({ details }: Pick<DetailsProps, 'details'>) {
  if (details.value === null) return null;
  const { report, rate, history } = details.value;
  const { lanes, roundTripMs, path, windowBytes } = report;
  return (
    <div class="details-panel">
      <dl class="details-figures">
        <Figure
          term="Lanes"
          value={lanes === 1 ? '1 connection' : `${formatCount(lanes)} connections`}
        />
        {roundTripMs !== null && <Figure term="Round trip" value={milliseconds(roundTripMs)} />}
        {path !== null && <Figure term="Path" value={PATH_WORDS[path]} />}
        {rate !== null && <Figure term="Speed now" value={formatRate(rate)} />}
        {windowBytes !== null && <Figure term="Window" value={formatBytes(windowBytes)} />}
      </dl>
      <Notes report={report} />
      <RateFigure history={history} />
    </div>
  );
}

const PATH_WORDS: Readonly<Record<NonNullable<TransferReport['path']>, string>> = {
  direct: 'straight across',
  'local-network': 'on your local network',
  relayed: 'through a relay',
};

function Figure({ term, value }: { readonly term: string; readonly value: string }) {
  return (
    <div class="details-figure">
      <dt>{term}</dt>
      <dd>{value}</dd>
    </div>
  );
}

/** How soon the first byte came, and what compression saved. */
function Notes({ report }: { readonly report: TransferReport }) {
  const { firstByteMs } = report;
  const saved = savedPercent(report);
  return (
    <>
      {firstByteMs !== null && <p>First byte after {Math.round(firstByteMs)} ms</p>}
      {saved > 0 && <p>Compressed on the way: {saved} % less sent</p>}
    </>
  );
}

/** How much less travelled than arrived, in whole percent, rounded down. */
function savedPercent({ travelledBytes, plainBytes }: TransferReport): number {
  return plainBytes === 0 ? 0 : Math.floor((1 - travelledBytes / plainBytes) * 100);
}

function milliseconds(ms: number): string {
  return ms < 0.5 ? 'under 1 ms' : `${formatCount(Math.round(ms))} ms`;
}
