import type { SendActions, SendState, Unrecognized } from '../session/send-state.ts';
import type { ChosenEntry } from '../share/manifest.ts';
import { CappedList } from './capped-list.tsx';
import { FileList } from './file-list.tsx';
import { FileName } from './file-name.tsx';
import { FilePickers } from './file-picker.tsx';
import { Heading } from './heading.tsx';
import { Hop } from './hop.tsx';

interface InterruptedViewProps {
  readonly state: Extract<SendState, { type: 'interrupted' }>;
  readonly actions: SendActions;
  readonly onChosen: (chosen: readonly ChosenEntry[]) => void;
}

/** The sending page after a share was interrupted: it needs the same files again, as a page may not keep them. */
export function InterruptedView({ state, actions, onChosen }: InterruptedViewProps) {
  const { files, unrecognized, canContinue } = state;
  return (
    <>
      <div class="primary">
        <Hop stage="broken" fraction={0} from="You" to="Receiver" />
        <Heading>Your share was interrupted</Heading>
        <p class="lead">
          This page was closed or reloaded, and a browser keeps no files for a page. Choose or drop{' '}
          <strong>the same files again</strong>: the link then works as before, and receivers carry
          on where they were.
        </p>
        {unrecognized.length > 0 && (
          <NotRecognized unrecognized={unrecognized} canContinue={canContinue} />
        )}
        <FilePickers onChosen={onChosen} />
        <p class="buttons">
          {canContinue && (
            <button type="button" class="button" onClick={() => actions.continueWithout()}>
              Go on without them
            </button>
          )}
          <button type="button" class="button danger" onClick={() => actions.giveUp()}>
            Give up this share
          </button>
        </p>
      </div>
      <FileList title="Files to send" files={files} />
    </>
  );
}

interface NotRecognizedProps {
  readonly unrecognized: readonly Unrecognized[];
  readonly canContinue: boolean;
}

function NotRecognized({ unrecognized, canContinue }: NotRecognizedProps) {
  return (
    <section class="files">
      <h2 id="unrecognized-title">Files not recognised</h2>
      <p class="files-words" role="alert">
        Choose everything again with these as they were
        {canContinue && ', or go on without them: receivers are told which cannot be had'}.
      </p>
      <CappedList labelledBy="unrecognized-title" items={unrecognized} row={unrecognizedRow} />
    </section>
  );
}

const PROBLEMS: Readonly<Record<Unrecognized['problem'], string>> = {
  missing: 'Not among those chosen',
  changed: 'Changed since',
};

function unrecognizedRow({ name, problem }: Unrecognized, index: number) {
  return (
    <li key={index} class="file">
      <FileName name={name} />
      <span class="file-failure">{PROBLEMS[problem]}</span>
    </li>
  );
}
