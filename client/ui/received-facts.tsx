import { formatBytes, formatDuration, formatRate } from './format.ts';

interface ReceivedFactsProps {
  readonly totalBytes: number;
  /** null where it is not known */
  readonly seconds: number | null;
}

/** How much arrived, in what time, how fast. No speed is given where there is nothing to measure. */
export function ReceivedFacts({ totalBytes, seconds }: ReceivedFactsProps) {
  return (
    <dl class="facts">
      <Fact term="Size" value={formatBytes(totalBytes)} />
      {seconds !== null && <Fact term="Time" value={formatDuration(seconds)} />}
      {totalBytes > 0 && seconds !== null && seconds > 0 && (
        <Fact term="Average speed" value={formatRate(totalBytes / seconds)} />
      )}
    </dl>
  );
}

function Fact({ term, value }: { readonly term: string; readonly value: string }) {
  return (
    <div class="fact">
      <dt>{term}</dt>
      <dd>{value}</dd>
    </div>
  );
}
