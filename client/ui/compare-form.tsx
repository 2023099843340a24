import type { ReadonlySignal } from '@preact/signals';
import type { CompareOffer, CompareWish, HostActions } from '../compare/compare-state.ts';
import {
  COMPARE_METHODS,
  type CompareMethod,
  MAX_ROUNDS,
  MIN_ROUNDS,
  isByServer,
} from '../compare/comparison.ts';
import { whySkipped } from '../compare/why-skipped.ts';
import { METHOD_NAMES } from '../compare/method-words.ts';
import { METHOD_SENTENCES, runWords, SKIP_WORDS } from './compare-words.ts';
import { formatBytes } from './format.ts';
import { MethodPicture } from './method-picture.tsx';
import { SubjectChoice } from './subject-choice.tsx';
import { type CompareSettings, type WhatIsMissing, wishBytes } from './use-compare-settings.ts';
import './compare-form.css';

interface CompareFormProps {
  readonly settings: CompareSettings;
  readonly offer: ReadonlySignal<CompareOffer>;
  readonly actions: Pick<HostActions, 'compare'>;
}

/** What is compared, by which ways, how often; and the button that begins. */
export function CompareForm({ settings, offer, actions }: CompareFormProps) {
  const wish = settings.wish.value;
  const submit = (event: Event) => {
    event.preventDefault();
    if (typeof wish !== 'string') actions.compare(wish);
  };
  return (
    <form class="compare-form" onSubmit={submit} noValidate>
      <SubjectChoice settings={settings} />
      <fieldset class="fields">
        <legend>Ways</legend>
        {COMPARE_METHODS.map((method) => (
          <WayChoice key={method} method={method} settings={settings} offer={offer.value} />
        ))}
      </fieldset>
      <p class="rounds">
        <label for="rounds">Rounds</label>
        <input
          id="rounds"
          type="number"
          inputMode="numeric"
          min={MIN_ROUNDS}
          max={MAX_ROUNDS}
          step={1}
          value={settings.rounds.value}
          aria-describedby="rounds-words"
          aria-invalid={wish === 'rounds'}
          onInput={({ currentTarget }) => (settings.rounds.value = currentTarget.value)}
        />
        <span id="rounds-words" class="small-words">
          {MIN_ROUNDS} to {MAX_ROUNDS}. Each round sends it once by every way; more rounds make the
          verdict surer.
        </span>
      </p>
      <p class="moved" role="status">
        {typeof wish === 'string' ? MISSING_WORDS[wish] : movedWords(wish, offer.value)}
      </p>
      <p class="buttons">
        <button type="submit" class="button main" disabled={typeof wish === 'string'}>
          Compare
        </button>
      </p>
    </form>
  );
}

const MISSING_WORDS: Readonly<Record<WhatIsMissing, string>> = {
  files: 'Choose the files to send first.',
  bytes: 'These files are empty: there would be nothing to measure. Choose others.',
  methods: 'Choose at least one way.',
  rounds: `Rounds can be a whole number from ${MIN_ROUNDS} to ${MAX_ROUNDS}.`,
};

/** How much data a comparison moves, in all. */
function movedWords(wish: CompareWish, offer: CompareOffer): string {
  const each = wishBytes(wish);
  const methods = wish.methods.filter((method) => whySkipped(method, offer) === null);
  const runs = methods.length * wish.rounds;
  const byServer = methods.filter((method) => isByServer(method)).length * wish.rounds;
  const all = formatBytes(each * runs);
  const server =
    byServer === 0
      ? 'Nothing of it passes the server.'
      : `${formatBytes(each * byServer)} of it passes the server, in and out.`;
  return `${runWords(runs)} of ${formatBytes(each)}: ${all} up from here, and ${all} down to the other side. ${server}`;
}

interface WayChoiceProps {
  readonly method: CompareMethod;
  readonly settings: CompareSettings;
  readonly offer: CompareOffer;
}

function WayChoice({ method, settings: { unwanted }, offer }: WayChoiceProps) {
  const why = whySkipped(method, offer);
  const change = (wanted: boolean) => {
    const changed = new Set(unwanted.value);
    if (wanted) changed.delete(method);
    else changed.add(method);
    unwanted.value = changed;
  };
  return (
    <label class="choice way" data-off={why !== null}>
      <input
        type="checkbox"
        checked={why === null && !unwanted.value.has(method)}
        disabled={why !== null}
        aria-label={METHOD_NAMES[method]}
        aria-describedby={`way-${method}`}
        onChange={({ currentTarget }) => change(currentTarget.checked)}
      />
      <MethodPicture method={method} />
      <span>
        <strong>{METHOD_NAMES[method]}</strong>
        <span class="way-words" id={`way-${method}`}>
          {why === null ? METHOD_SENTENCES[method] : SKIP_WORDS[why]}
        </span>
      </span>
    </label>
  );
}
