import type { CompareMethod } from '../../client/compare/comparison.ts';
import { wayTimes } from './findings.ts';
import type { ComparedSize } from './measured.ts';

/** Where one way becomes the faster one. */
export interface Crossing {
  /** interpolated between two sizes that were compared, on logarithmic axes */
  readonly bytes: number;
  /** the faster one of smaller files, and of larger ones */
  readonly below: CompareMethod;
  readonly above: CompareMethod;
  /** whether, at both of these sizes, every run of the faster one took less than any of the other: else it may be chance */
  readonly sure: boolean;
}

/** Where two ways cross over, by their medians at the sizes of one profile. */
export function crossings(
  compared: readonly ComparedSize[],
  one: CompareMethod,
  other: CompareMethod,
): readonly Crossing[] {
  const points = compared
    .toSorted((a, b) => a.bytes - b.bytes)
    .flatMap(({ bytes, comparison }) => {
      const ways = wayTimes(comparison);
      const first = ways.find(({ method }) => method === one);
      const second = ways.find(({ method }) => method === other);
      if (first === undefined || second === undefined) return [];
      const apart = first.max < second.min || second.max < first.min;
      return [{ bytes, lead: Math.log(second.median / first.median), apart }];
    });
  return points.slice(1).flatMap((point, index) => {
    const before = points[index];
    if (before === undefined || before.lead * point.lead >= 0) return [];
    const part = before.lead / (before.lead - point.lead);
    const bytes = before.bytes * (point.bytes / before.bytes) ** part;
    const [below, above] = before.lead > 0 ? [one, other] : [other, one];
    return [{ bytes, below, above, sure: before.apart && point.apart }];
  });
}
