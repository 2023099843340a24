import type { CompareMethod } from '../../client/compare/comparison.ts';
import { medianOf } from './findings.ts';
import type { ComparedSize } from './measured.ts';

/** Where one way becomes the faster one. */
export interface Crossing {
  /** interpolated between two sizes that were compared, on logarithmic axes */
  readonly bytes: number;
  /** the faster one of smaller files, and of larger ones */
  readonly below: CompareMethod;
  readonly above: CompareMethod;
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
      const [first, second] = [medianOf(comparison, one), medianOf(comparison, other)];
      if (first === null || second === null) return [];
      return [{ bytes, lead: Math.log(second / first) }];
    });
  return points.slice(1).flatMap((point, index) => {
    const before = points[index];
    if (before === undefined || before.lead * point.lead >= 0) return [];
    const part = before.lead / (before.lead - point.lead);
    const bytes = before.bytes * (point.bytes / before.bytes) ** part;
    return before.lead > 0
      ? [{ bytes, below: one, above: other }]
      : [{ bytes, below: other, above: one }];
  });
}
