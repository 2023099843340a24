import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { Wordmark } from './wordmark.tsx';
import './tokens.css';
import './base.css';
import './controls.css';
import './page.css';

/** What `<main data-state>` says; scripts and tests rely on it. */
export type DataState =
  | 'idle'
  | 'interrupted'
  | 'sharing'
  | 'offered'
  | 'connecting'
  | 'receiving'
  | 'paused'
  | 'done'
  /** done, but for files that could not be had */
  | 'incomplete'
  | 'failed'
  | 'cancelled'
  // of a comparison
  | 'waiting'
  | 'ready'
  | 'asking'
  | 'asked'
  | 'running'
  | 'ended';

interface PageProps {
  readonly dataState: DataState;
  readonly children: ComponentChildren;
}

/** The frame around every view: the name above, one `<main>`, and focus that survives what is drawn anew. */
export function Page({ dataState, children }: PageProps) {
  const main = useRef<HTMLElement>(null);
  const drawn = useRef(dataState);
  const focused = useRef<EventTarget>(null);

  useLayoutEffect(() => {
    if (main.current === null) return;
    const isNewView = drawn.current !== dataState;
    drawn.current = dataState;
    const isGone = focused.current instanceof Element && !focused.current.isConnected;
    if (isGone) focused.current = null;
    if (isNewView) rescueFocus(main.current);
    // What went away within a view is no reason to scroll.
    else if (isGone) rescueFocus(main.current, { preventScroll: true });
  });

  return (
    <>
      <header class="masthead">
        <Wordmark />
      </header>
      <main
        ref={main}
        data-state={dataState}
        onFocusIn={(event) => (focused.current = event.target)}
      >
        {children}
      </main>
    </>
  );
}

/** Moves the focus to the heading where the control that had it is gone: a keyboard would start again from the top. */
export function rescueFocus(main: Element, options?: FocusOptions): void {
  const focused = document.activeElement;
  const isLost = focused === null || focused === document.body || !focused.isConnected;
  if (isLost) main.querySelector('h1')?.focus(options);
}
