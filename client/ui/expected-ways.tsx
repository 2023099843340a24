import type { ReceiveDelivery } from '../session/delivery-state.ts';
import type { ExpectedTime } from '../session/weigh-ways.ts';
import { formatDuration } from './format.ts';

/** What the two ways are expected to take for what is left, and which one is followed. Nothing where they were not weighed. */
export function ExpectedWays({ delivery: { weighed } }: { readonly delivery: ReceiveDelivery }) {
  if (weighed === null) return null;
  const { direct, server, faster } = weighed;
  const [first, second] = [
    `directly ${words(direct)}`,
    `through the server ${words(server)}`,
  ] as const;
  return (
    <p class="expected-ways">
      Expected when this was weighed: {faster === 'direct' ? first : second},{' '}
      {faster === 'direct' ? second : first}.
    </p>
  );
}

/** `10 s (7.2 s to 14 s)`: four times in five it should lie in there. */
function words({ ms, lowMs, highMs }: ExpectedTime): string {
  return `${seconds(ms)} (${seconds(lowMs)} to ${seconds(highMs)})`;
}

const seconds = (ms: number): string => formatDuration(ms / 1_000);
