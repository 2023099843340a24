import { useSignal } from '@preact/signals';
import { COMPARE_METHODS } from '../compare/comparison.ts';
import { METHOD_NAMES } from '../compare/method-words.ts';
import { serverCost } from '../compare/textbook.ts';
import { formatBytes } from './format.ts';

/** How long the server keeps files for a share where nobody says otherwise. */
const LIFETIME_HOURS = 24;

const money = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });
const hours = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });

/** What each way costs who runs the server, for one receiver, by the user's own price. */
export function TextbookCost({ bytes }: { readonly bytes: number }) {
  const typed = useSignal('');
  const number = Number(typed.value);
  const isPrice = typed.value.trim() !== '' && Number.isFinite(number) && number >= 0;
  const pricePerGigabyte = isPrice ? number : null;
  const costOf = (method: (typeof COMPARE_METHODS)[number]) =>
    serverCost(method, { bytes, receivers: 1, lifetimeHours: LIFETIME_HOURS, pricePerGigabyte });
  return (
    <>
      <p class="price">
        <label for="price">Your price per GB in or out of the server</label>
        <input
          id="price"
          type="number"
          class="field"
          inputMode="decimal"
          min={0}
          step="any"
          value={typed.value}
          onInput={({ currentTarget }) => (typed.value = currentTarget.value)}
        />
      </p>
      <table class="small-table">
        <caption>
          Sending {formatBytes(bytes)} to one receiver, kept for {LIFETIME_HOURS} hours
        </caption>
        <thead>
          <tr>
            <th scope="col">Way</th>
            <th scope="col">In and out</th>
            <th scope="col">Kept</th>
            <th scope="col">Price</th>
          </tr>
        </thead>
        <tbody>
          {COMPARE_METHODS.map((method) => {
            const { traffic, byteHours, price } = costOf(method);
            return (
              <tr key={method}>
                <th scope="row">{METHOD_NAMES[method]}</th>
                <td>{traffic.value === 0 ? 'nothing' : formatBytes(traffic.value ?? 0)}</td>
                <td>
                  {byteHours.value === 0
                    ? 'nothing'
                    : `${hours.format((byteHours.value ?? 0) / 1e9)} GB hours`}
                </td>
                <td>{price.value === null ? '–' : money.format(price.value)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <p class="sourced" data-source="computed">
        <span class="source">computed</span> From the size, how long it is kept, and your price; one
        GB hour is 1 GB kept for an hour.
      </p>
    </>
  );
}
