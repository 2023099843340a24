import { COMPARE_METHODS } from '../compare/comparison.ts';
import { METHOD_NAMES } from '../compare/method-words.ts';
import { METHOD_SENTENCES } from './compare-words.ts';
import { MethodPicture } from './method-picture.tsx';

/** The ways that can be compared, for who does not know them yet. */
export function WaysList() {
  return (
    <section class="card">
      <h2 id="ways-title">Four ways to send a file</h2>
      <ul class="ways-list" role="list" aria-labelledby="ways-title">
        {COMPARE_METHODS.map((method) => (
          <li key={method} class="way">
            <MethodPicture method={method} />
            <p>
              <strong>{METHOD_NAMES[method]}</strong>
              <span class="way-words">{METHOD_SENTENCES[method]}</span>
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}
