import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { type CopyOutcome, copyText } from './copy-text.ts';

/** How long "Copied" stays, in milliseconds. */
const CONFIRMATION_MS = 4000;

const CONFIRMATIONS: Readonly<Record<CopyOutcome, string>> = {
  copied: 'Copied',
  selected: 'The link is selected: press Ctrl+C or ⌘C to copy it',
};

interface ShareLinkProps {
  readonly link: string;
  /** whether the page says itself how to open the link here */
  readonly openedElsewhere?: boolean;
}

/** The link to pass on, with a button that copies it. */
export function ShareLink({ link, openedElsewhere = false }: ShareLinkProps) {
  const box = useRef<HTMLInputElement>(null);
  const outcome = useSignal<CopyOutcome | null>(null);
  const shown = outcome.value;

  useEffect(() => {
    if (shown === null) return;
    const timer = setTimeout(() => (outcome.value = null), CONFIRMATION_MS);
    return () => clearTimeout(timer);
  }, [shown]);

  const copy = async () => {
    if (box.current !== null) outcome.value = await copyText(link, box.current);
  };

  return (
    <div class="share-link">
      <label for="share-link">Share link</label>
      <input
        id="share-link"
        ref={box}
        type="text"
        readOnly
        spellcheck={false}
        value={link}
        onFocus={(event) => event.currentTarget.select()}
      />
      <button type="button" class="button main" onClick={() => void copy()}>
        Copy link
      </button>
      {leadsToThisMachineOnly(link) && (
        <p class="share-link-note">
          This address works on this computer only. For others: <code>npm start -- --https</code>
        </p>
      )}
      <p class="share-link-foot">
        {!openedElsewhere && (
          <a href={link} target="_blank" rel="noopener">
            Open in a new tab
          </a>
        )}
        <span class="copied" aria-live="polite">
          {shown !== null && CONFIRMATIONS[shown]}
        </span>
      </p>
    </div>
  );
}

/** Loopback names and addresses (RFC 6761 §6.3, RFC 1122 §3.2.1.3) are another machine everywhere else. */
function leadsToThisMachineOnly(link: string): boolean {
  const { hostname } = new URL(link);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d+){3}$/.test(hostname);
}
