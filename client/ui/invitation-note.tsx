import { formatCompareLink } from '../compare/compare-link.ts';
import type { ShareSecret } from '../share/link.ts';

/** That the sender would like to compare the ways with this page; it stays in place, so that it is read out when it comes. */
export function InvitationNote({ invitation }: { readonly invitation: ShareSecret | null }) {
  return (
    <p class="invitation" aria-live="polite">
      {invitation !== null && (
        <>
          The sender would like to find out with you which way is faster.{' '}
          <a
            class="button"
            href={formatCompareLink(location.origin, invitation)}
            target="_blank"
            rel="noopener"
          >
            Take part in a comparison
          </a>
        </>
      )}
    </p>
  );
}
