import type { Progress } from '../session/progress.ts';
import { formatBytes, formatPercentage } from './format.ts';
import './progress-bar.css';

interface ProgressBarProps {
  readonly name: string;
  /** 0 to 1 */
  readonly fraction: number;
  readonly progress: Progress;
}

/** How far a transfer is, as a native progress bar with words for those who do not see it. */
export function ProgressBar({ name, fraction, progress }: ProgressBarProps) {
  const words = `${formatPercentage(fraction)}, ${formatBytes(progress.bytes)} of ${formatBytes(progress.totalBytes)}`;
  return <progress class="bar" max={1} value={fraction} aria-label={name} aria-valuetext={words} />;
}
