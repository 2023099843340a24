import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { Wordmark } from './wordmark.tsx';
import './tokens.css';
import './base.css';
import './controls.css';
import './page.css';

/** What `<main data-state>` says; scripts and tests rely on it. */
export type DataState =
  'idle' | 'sharing' | 'offered' | 'connecting' | 'receiving' | 'done' | 'failed' | 'cancelled';

interface PageProps {
  readonly dataState: DataState;
  readonly children: ComponentChildren;
}

/** The frame around every view: the name above, one `<main>`, and focus that survives a change of view. */
export function Page({ dataState, children }: PageProps) {
  const main = useRef<HTMLElement>(null);
  const drawn = useRef(dataState);

  useLayoutEffect(() => {
    if (drawn.current === dataState) return;
    drawn.current = dataState;
    if (isFocusLost()) main.current?.querySelector('h1')?.focus();
  }, [dataState]);

  return (
    <>
      <header class="masthead">
        <Wordmark />
      </header>
      <main ref={main} data-state={dataState}>
        {children}
      </main>
    </>
  );
}

/** The focused control went away with the old view: a keyboard would start again from the top of the page. */
function isFocusLost(): boolean {
  const focused = document.activeElement;
  return focused === null || focused === document.body || !focused.isConnected;
}
