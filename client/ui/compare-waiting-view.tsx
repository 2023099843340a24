import type { ComponentChildren } from 'preact';
import { Heading } from './heading.tsx';
import { Hop } from './hop.tsx';
import { ShareLink } from './share-link.tsx';
import { WaysList } from './ways-list.tsx';
import './sharing-view.css';

interface WaitingViewProps {
  readonly link: string;
  /** below the ways */
  readonly children: ComponentChildren;
}

/** The page of who compares before anybody has opened its link: what Compare does, and whom to give the link to. */
export function WaitingView({ link, children }: WaitingViewProps) {
  return (
    <>
      <div class="primary">
        <Hop stage="waiting" fraction={0} from="You" to="Receiver" />
        <Heading>Which way is faster?</Heading>
        <p class="lead">
          Compare sends the same bytes from this browser to another one, straight across and through
          the server, and measures both. It then says which was faster, by how much, how sure that
          is, and why.
        </p>
        <ShareLink link={link} openedElsewhere />
        <p class="alone">
          <span>Nobody at hand? Be the other side yourself.</span>
          <a class="button" href={link} target="_blank" rel="noopener">
            Open the other side in a new tab
          </a>
        </p>
        <p role="status" class="small-words">
          Waiting for the other side to open the link.
        </p>
      </div>
      <div class="side">
        <WaysList />
        {children}
      </div>
    </>
  );
}
