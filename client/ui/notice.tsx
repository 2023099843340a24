import type { ReadonlySignal } from '@preact/signals';

/** A message of the operating system when a transfer has ended. */
export interface Notice {
  /** whether the browser would ask the user for permission now */
  readonly canAsk: ReadonlySignal<boolean>;
  /** asks for it; to be called on a click */
  ask(): void;
}

/** Offers a message at the end of a transfer, where it can still be asked for. */
export function NoticeButton({ notice }: { readonly notice: Notice }) {
  if (!notice.canAsk.value) return null;
  return (
    <button type="button" class="button plain" onClick={() => notice.ask()}>
      Notify me when it is done
    </button>
  );
}
