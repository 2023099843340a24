import type { ErrorReason } from '../errors/error-reason.ts';
import { ErrorAlert } from './error-alert.tsx';
import { Hop } from './hop.tsx';
import { Page } from './page.tsx';

/** The page for what fails before there is a session: no secure context, no WebRTC, a link that is not one. */
export function FailurePage({ reason }: { readonly reason: ErrorReason }) {
  return (
    <Page dataState="failed">
      <div class="primary">
        <Hop stage="broken" fraction={0} from="" to="" />
        <ErrorAlert reason={reason} />
        {reason === 'link-malformed' && (
          <p>
            <a href="/">Send files yourself</a>
          </p>
        )}
      </div>
    </Page>
  );
}
