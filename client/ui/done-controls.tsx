import type { ReceiveDelivery } from '../session/delivery-state.ts';
import type { ReceiveActions, ReceivePlace, ReceiveState } from '../session/receive-state.ts';
import { ErrorNote } from './error-alert.tsx';
import { ExpectedWays } from './expected-ways.tsx';
import { FileFailures } from './file-failures.tsx';
import { FileName } from './file-name.tsx';
import { formatPercentage } from './format.ts';
import { GoHome } from './go-home.tsx';
import { ReceivedFacts } from './received-facts.tsx';
import { savableFile } from './savable-file.ts';
import './progress-bar.css';

interface DoneControlsProps {
  readonly state: Extract<ReceiveState, { type: 'done' }>;
  readonly delivery: ReceiveDelivery;
  readonly actions: ReceiveActions;
}

/** What arrived, and how to save it. */
export function DoneControls({ state, delivery, actions }: DoneControlsProps) {
  const { files, failures, selected, place, totalBytes, seconds, saveFailure } = state;
  const canSave = place.type !== 'folder';
  const only = savableFile(state);
  const name = files[only ?? -1]?.name;
  return (
    <>
      <FileFailures files={files} failures={failures} side="receiver" />
      <ReceivedFacts totalBytes={totalBytes} seconds={seconds} />
      <ExpectedWays delivery={delivery} />
      {canSave && only !== null && (
        <p class="buttons">
          <button
            type="button"
            class="button main"
            aria-label={`Save ${name}`}
            onClick={() => actions.save(only)}
          >
            Save
          </button>
        </p>
      )}
      {canSave && selected.count - failures.length > 1 && (
        <SaveAll packing={state.packing} onPress={() => actions.saveAll()} />
      )}
      {saveFailure !== null && <ErrorNote reason={saveFailure} />}
      <Place place={place} />
      <GoHome />
    </>
  );
}

interface SaveAllProps {
  /** how much of the archive is made, 0 to 1; null where none is being made */
  readonly packing: number | null;
  readonly onPress: () => void;
}

function SaveAll({ packing, onPress }: SaveAllProps) {
  if (packing === null) {
    return (
      <p class="buttons">
        <button type="button" class="button main" onClick={onPress}>
          Save all as ZIP
        </button>
      </p>
    );
  }
  return (
    <div class="packing">
      <p>Packing the ZIP archive, {formatPercentage(packing)}</p>
      <progress class="bar" max={1} value={packing} aria-label="Packing" />
    </div>
  );
}

function Place({ place }: { readonly place: ReceivePlace }) {
  switch (place.type) {
    case 'browser':
      return (
        <p class="place">
          It also stays in this browser: for a day after you saved all of it, or until you delete it
          on Onehop’s start page.
        </p>
      );
    case 'memory':
      return (
        <p class="place">
          <strong>Save before you close this page:</strong> this browser lets it keep nothing on
          disk, so all is lost with it.
        </p>
      );
    case 'folder':
      return (
        <p class="place">
          The files are in the folder{' '}
          <strong>
            <FileName name={place.name} />
          </strong>
          .
        </p>
      );
  }
}
