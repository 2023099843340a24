import {
  type Distribution,
  type LineRates,
  RECEIVER_COUNTS,
  distributionSeconds,
} from '../compare/textbook.ts';
import { formatBytes } from './format.ts';
import { runTime } from './compare-words.ts';

const WAYS: readonly { readonly way: Distribution; readonly name: string }[] = [
  { way: 'direct', name: 'Direct' },
  { way: 'stored', name: 'Stored' },
  { way: 'streamed', name: 'Streamed' },
  { way: 'peer-to-peer', name: 'Every receiver passes on what it has (not on this site)' },
];

interface ScalabilityTableProps {
  readonly bytes: number;
  readonly rates: LineRates;
}

/** How long it takes at least until the last of several receivers has everything, by the textbook's formulae and the rates measured here. */
export function ScalabilityTable({ bytes, rates }: ScalabilityTableProps) {
  const seconds = (way: Distribution, receivers: number) =>
    distributionSeconds(way, bytes, receivers, rates);
  const sources = new Set(
    WAYS.map(({ way }) => seconds(way, 1)).flatMap((of) =>
      of.source === 'computed' ? [of.from] : [],
    ),
  );
  return (
    <>
      <table class="small-table">
        <caption>
          Time until the last receiver has {formatBytes(bytes)}, at the least, by the number of
          receivers
        </caption>
        <thead>
          <tr>
            <th scope="col">Way</th>
            {RECEIVER_COUNTS.map((count) => (
              <th key={count} scope="col">
                {count}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {WAYS.map(({ way, name }) => (
            <tr key={way}>
              <th scope="row">{name}</th>
              {RECEIVER_COUNTS.map((count) => {
                const { value } = seconds(way, count);
                return <td key={count}>{value === null ? '–' : runTime(value * 1000)}</td>;
              })}
            </tr>
          ))}
        </tbody>
      </table>
      <p class="sourced" data-source="computed">
        <span class="source">computed</span>{' '}
        {sources.size === 0
          ? 'Nothing yet: no rate of a line was measured.'
          : `From ${[...sources].join(', and from ')}.`}{' '}
        By the formulae of Kurose and Ross, “Computer Networking”, chapter 2.
      </p>
      <p class="sourced" data-source="not measured yet">
        <span class="source">not measured yet</span> How much the server can send to several at
        once: its line is taken to be wide enough. Where it is narrower than all of theirs together,
        Stored and Streamed take longer. What was measured with 1 to 8 receivers is in{' '}
        <code>bench/README.md</code>, with the command that measures it.
      </p>
    </>
  );
}
