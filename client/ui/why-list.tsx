import { useMemo } from 'preact/hooks';
import type { Comparison } from '../compare/comparison.ts';
import { explain } from '../compare/explain.ts';
import { reasonWords } from '../compare/explain-words.ts';

/** Why each method took as long as it did, with the numbers that it was decided on. */
export function WhyList({ comparison }: { readonly comparison: Comparison }) {
  const reasons = useMemo(() => explain(comparison).map(reasonWords), [comparison]);
  if (reasons.length === 0) return null;
  return (
    <section class="card">
      <h2 id="why-title">Why</h2>
      <p class="small-words">What held each way up, and the numbers it was decided on.</p>
      <ul class="why" role="list" aria-labelledby="why-title">
        {reasons.map((words) => (
          <Reason key={words} words={words} />
        ))}
      </ul>
    </section>
  );
}

/** The cause comes first, up to the full stop; its evidence follows. */
function Reason({ words }: { readonly words: string }) {
  const end = words.indexOf('. ');
  const [cause, evidence] =
    end === -1 ? [words, ''] : [words.slice(0, end + 1), words.slice(end + 1)];
  return (
    <li>
      <strong>{cause}</strong>
      {evidence}
    </li>
  );
}
