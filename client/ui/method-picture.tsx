import type { CompareMethod } from '../compare/comparison.ts';
import './method-picture.css';

/** A method as a picture: two ends, and what is between them. Its name stands beside it. */
export function MethodPicture({ method }: { readonly method: CompareMethod }) {
  const middle = MIDDLES[method];
  return (
    <svg class="method-picture" data-method={method} viewBox="0 0 64 32" aria-hidden="true">
      {middle === null ? (
        <path class="method-way" d="M8 25A27 27 0 0 1 56 25" />
      ) : (
        <path class="method-way" d="M8 25Q14 10 27 10M37 10Q50 10 56 25" />
      )}
      {middle === 'relay' && <circle class="method-middle" cx="32" cy="10" r="5" />}
      {(middle === 'kept' || middle === 'passed') && (
        <rect class="method-middle" data-kept={middle === 'kept'} {...BOX} />
      )}
      <circle class="method-end" cx="8" cy="25" r="5" />
      <circle class="method-end method-far" cx="56" cy="25" r="5" />
    </svg>
  );
}

const BOX = { x: 26, y: 4, width: 12, height: 12, rx: 2 };

const MIDDLES = { direct: null, relayed: 'relay', stored: 'kept', streamed: 'passed' } as const;
