import type { ChosenEntry } from '../share/manifest.ts';
import { FilePickers } from './file-picker.tsx';
import { Heading } from './heading.tsx';
import { Hop } from './hop.tsx';
import './idle-view.css';

interface IdleViewProps {
  readonly onChosen: (chosen: readonly ChosenEntry[]) => void;
}

/** The sending page before there are files: what the site does, and the ways to give it files. */
export function IdleView({ onChosen }: IdleViewProps) {
  return (
    <>
      <div class="primary">
        <Heading>Send files straight to another browser</Heading>
        <p class="lead">
          Choose files and pass on the link. They go directly from your browser to the one that
          opens it; the server gets them, encrypted, only if you say so.
        </p>
        <ol class="steps">
          <li>Choose files or a folder, of any kind and size.</li>
          <li>Send the link to whoever should have them.</li>
          <li>Keep this page open until they do.</li>
        </ol>
        <p>
          Straight across or through the server, which is faster for you?{' '}
          <a href="/compare">Compare the ways</a> on your own network.
        </p>
      </div>
      <section class="drop-area" aria-label="Files">
        <Hop stage="still" fraction={0} from="You" to="Receiver" />
        <p class="drop-words">Drop files or folders anywhere on this page</p>
        <FilePickers onChosen={onChosen} />
        <p class="drop-hint">or paste files or an image</p>
      </section>
    </>
  );
}
