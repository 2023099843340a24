import type { Progress } from '../session/progress.ts';
import { formatBytes, formatRate, formatTimeLeft } from './format.ts';

/** Bytes, speed and time left of a running transfer; what cannot be told yet is left out. */
export function TransferFigures({ progress }: { readonly progress: Progress }) {
  const { bytes, totalBytes, rate, secondsLeft } = progress;
  return (
    <p class="figures">
      <span>
        {formatBytes(bytes)} of {formatBytes(totalBytes)}
      </span>
      {rate !== null && <span>{formatRate(rate)}</span>}
      {secondsLeft !== null && <span>{formatTimeLeft(secondsLeft)}</span>}
    </p>
  );
}
