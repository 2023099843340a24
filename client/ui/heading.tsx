import type { ComponentChildren } from 'preact';

/** A view's heading. It can take the focus when the control that had it is gone. */
export function Heading({ children }: { readonly children: ComponentChildren }) {
  return <h1 tabIndex={-1}>{children}</h1>;
}
