/** The name with its sign: one hop between two dots. */
export function Wordmark() {
  return (
    <span class="wordmark">
      <svg class="wordmark-sign" viewBox="0 0 40 24" aria-hidden="true">
        <path class="wordmark-arc" d="M6 18A15.2 15.2 0 0 1 34 18" />
        <circle class="wordmark-dot" cx="6" cy="18" r="4.5" />
        <circle class="wordmark-dot wordmark-far" cx="34" cy="18" r="4.5" />
      </svg>
      Onehop
    </span>
  );
}
