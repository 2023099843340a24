import type { Receiver, SendState } from '../session/send-state.ts';
import { FileList } from './file-list.tsx';
import { receiverFraction } from './fraction.ts';
import { Heading } from './heading.tsx';
import { Hop, type HopStage } from './hop.tsx';
import { ReceiverItem } from './receiver-item.tsx';
import { ShareLink } from './share-link.tsx';
import './sharing-view.css';

interface SharingViewProps {
  readonly state: Extract<SendState, { type: 'sharing' }>;
  readonly onStop: () => void;
}

/** The sending page while a share is open: its link, who receives, and what is shared. */
export function SharingView({ state, onStop }: SharingViewProps) {
  return (
    <>
      <div class="primary">
        <SharingHop receivers={state.receivers} />
        <Heading>{headingWords(state.receivers)}</Heading>
        <p class="lead">
          Send it to whoever should have the files. <strong>Keep this page open</strong> until they
          do: the files come from here.
        </p>
        <ShareLink link={state.link} />
        <p class="offline" aria-live="polite">
          {!state.online &&
            'The server cannot be reached. Transfers that run go on, but nobody new can join until it is back.'}
        </p>
        <Receivers receivers={state.receivers} />
        <p class="buttons">
          <button type="button" class="button danger" onClick={onStop}>
            Stop sharing
          </button>
        </p>
      </div>
      <FileList title="Files to send" files={state.files} />
    </>
  );
}

function Receivers({ receivers }: { readonly receivers: readonly Receiver[] }) {
  return (
    <section class="receivers">
      <h2 id="receivers-title">Receivers</h2>
      <ul class="receivers-list" role="list" aria-labelledby="receivers-title">
        {receivers.map((receiver) => (
          <ReceiverItem key={receiver.id} receiver={receiver} />
        ))}
      </ul>
      {receivers.length === 0 && <p class="receivers-none">Nobody has opened the link yet.</p>}
    </section>
  );
}

/** The picture follows the receiver that is furthest along among those that still receive. */
function SharingHop({ receivers }: { readonly receivers: readonly Receiver[] }) {
  const fractions = receivers
    .filter((receiver) => receiver.status.type === 'receiving')
    .map(receiverFraction);
  const stage = sharingStage(receivers, fractions.length > 0);
  const fraction = stage === 'done' ? 1 : Math.max(0, ...fractions);
  return <Hop stage={stage} fraction={fraction} from="You" to="Receiver" />;
}

function sharingStage(receivers: readonly Receiver[], anyReceives: boolean): HopStage {
  if (anyReceives) return 'moving';
  const anyDone = receivers.some((receiver) => receiver.status.type === 'done');
  return anyDone ? 'done' : 'waiting';
}

function headingWords(receivers: readonly Receiver[]): string {
  const types = new Set(receivers.map(({ status }) => status.type));
  if (types.has('receiving')) return 'Sending';
  return types.has('done') ? 'Sent, and still shared' : 'Your link is ready';
}
