import { useSignal } from '@preact/signals';
import { recommend, recommendationWords } from '../compare/recommendation.ts';
import { type LineRates, RECEIVER_COUNTS } from '../compare/textbook.ts';
import { formatBytes } from './format.ts';

interface TextbookAdviceProps {
  readonly bytes: number;
  readonly rates: LineRates;
  /** whether the comparison had a clear winner */
  readonly clear: boolean;
}

/** Which way to take for this much data over these lines, by how many receive it and whether the sender stays. */
export function TextbookAdvice({ bytes, rates, clear }: TextbookAdviceProps) {
  const people = useSignal(1);
  const senderStays = useSignal(true);
  const advice = recommend({
    bytes,
    people: people.value,
    senderStays: senderStays.value,
    rates,
    clear,
  });
  return (
    <>
      <div class="advice-choices">
        <label class="subject-size">
          Receivers
          <select
            value={String(people.value)}
            onChange={({ currentTarget }) => (people.value = Number(currentTarget.value))}
          >
            {RECEIVER_COUNTS.map((count) => (
              <option key={count} value={String(count)}>
                {count}
              </option>
            ))}
          </select>
        </label>
        <label class="choice">
          <input
            type="checkbox"
            checked={senderStays.value}
            onChange={({ currentTarget }) => (senderStays.value = currentTarget.checked)}
          />
          The sender stays until everyone has it
        </label>
      </div>
      <p class="advice" role="status">
        For {formatBytes(bytes)}, between you two: <strong>{recommendationWords(advice)}</strong>
        {people.value > 1 && ' The server’s line is taken to be wide enough for all of them.'}
      </p>
    </>
  );
}
