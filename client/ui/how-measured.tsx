import { VERDICT_RULE } from '../compare/verdict.ts';

/** By what rules a comparison is made, and what it cannot say. */
export function HowMeasured() {
  return (
    <details class="card how">
      <summary>How this is measured</summary>
      <dl>
        {POINTS.map(([term, words]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

const POINTS: readonly (readonly [term: string, words: string])[] = [
  [
    'The finish line is the same for every way',
    'A run is over when every byte has arrived, was checked and is in the receiver’s storage, and both sides have the same hash over everything. The receiver then throws it away.',
  ],
  [
    'Rounds are interleaved',
    'Every round sends the same bytes once by each way, in an order that moves on by one each round. What changes on the network meanwhile meets all of them.',
  ],
  [
    'Each clock measures its own intervals only',
    'The clocks of two devices never agree well enough to be compared. So an interval begins and ends on the same device, and total times are sums of intervals.',
  ],
  [
    'What counts in the total',
    'What somebody waits for: of Stored, all of the upload and then all of the download; of the other ways, from the first step of connecting to the finish line.',
  ],
  [
    'Medians',
    'The figure of a way is the middle one of its runs, which one odd run does not move. Every single run is shown beside it.',
  ],
  ['The rule of the verdict', VERDICT_RULE],
  [
    'What it cannot say',
    'Both pages on one device share its processor and storage and never touch a network: such a comparison tells of software, not of lines. Browsers slow down pages that are hidden. Another moment, another network and another browser have other results. Random bytes cannot be compressed; your files perhaps can.',
  ],
];
