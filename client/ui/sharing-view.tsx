import type { ReadonlySignal } from '@preact/signals';
import type { SendDelivery } from '../session/delivery-state.ts';
import type { ReceiverDetails } from '../session/receiver-watch.ts';
import type { Receiver, SendActions, SendState } from '../session/send-state.ts';
import { FileFailures } from './file-failures.tsx';
import { FileList } from './file-list.tsx';
import { receiverFraction } from './fraction.ts';
import { Heading } from './heading.tsx';
import { Hop, type HopStage } from './hop.tsx';
import { type Notice, NoticeButton } from './notice.tsx';
import { ReceiverItem } from './receiver-item.tsx';
import { SendByChoice } from './send-by-choice.tsx';
import { ShareLink } from './share-link.tsx';
import { UploadPanel } from './upload-panel.tsx';
import './sharing-view.css';

interface SharingViewProps {
  readonly state: Extract<SendState, { type: 'sharing' }>;
  readonly details: ReadonlySignal<ReceiverDetails>;
  readonly delivery: ReadonlySignal<SendDelivery>;
  readonly actions: SendActions;
  readonly notice: Notice;
}

/** The sending page while a share is open: its link, who receives, and what is shared. */
export function SharingView({ state, details, delivery, actions, notice }: SharingViewProps) {
  const { receivers, files, failures } = state;
  const totalBytes = files.reduce((sum, { size }) => sum + size, 0);
  return (
    <>
      <div class="primary">
        <SharingHop receivers={receivers} />
        <Heading>{headingWords(receivers)}</Heading>
        <p class="lead">
          {receivers.length === 0 && 'Send it to whoever should have the files. '}
          <StayWords delivery={delivery.value} />
        </p>
        <ShareLink link={state.link} />
        <p class="offline" aria-live="polite">
          {!state.online &&
            'The server cannot be reached. Transfers that run go on, but nobody new can join until it is back.'}
        </p>
        <FileFailures files={files} failures={failures} side="sender" />
        <SendByChoice delivery={delivery.value} actions={actions} />
        <UploadPanel
          delivery={delivery.value}
          totalBytes={totalBytes}
          now={performance.now()}
          actions={actions}
        />
        <Receivers
          receivers={receivers}
          details={details}
          actions={actions}
          fromServer={isLeft(delivery.value)}
        />
        <p class="buttons">
          {receivers.some(isHere) && (
            <button type="button" class="button" onClick={() => actions.compare()}>
              Compare
            </button>
          )}
          <button type="button" class="button danger" onClick={() => actions.stopSharing()}>
            Stop sharing
          </button>
          {receivers.some(isReceiving) && <NoticeButton notice={notice} />}
        </p>
      </div>
      <FileList title="Files to send" files={files} failures={failures} />
    </>
  );
}

/** Whether receivers get the files from the server, or are about to, and from nowhere else. */
function isLeft({ upload, sendBy }: SendDelivery): boolean {
  return sendBy === 'server' && (upload.type === 'uploading' || upload.type === 'stored');
}

/** Whether the page has to stay open, and why. */
function StayWords({ delivery }: { readonly delivery: SendDelivery }) {
  const { upload, sendBy } = delivery;
  if (sendBy === 'server' && (upload.type === 'gone' || upload.type === 'failed')) {
    return 'The server does not have the files: upload them again, or choose another way.';
  }
  if (upload.type === 'stored') {
    return sendBy === 'server'
      ? 'The server has the files, so you may leave.'
      : 'The server has them as well, so you may leave.';
  }
  const why =
    sendBy === 'server'
      ? ' until the server has everything.'
      : ' until everybody has them: the files come from here.';
  return (
    <>
      <strong>Keep this page open</strong>
      {why}
    </>
  );
}

interface ReceiversProps {
  readonly receivers: readonly Receiver[];
  readonly details: ReadonlySignal<ReceiverDetails>;
  readonly actions: SendActions;
  /** whether they get the files from the server alone, where this page does not see them */
  readonly fromServer: boolean;
}

function Receivers({ receivers, details, actions, fromServer }: ReceiversProps) {
  return (
    <section class="receivers">
      <h2 id="receivers-title">Receivers</h2>
      <ul class="receivers-list" role="list" aria-labelledby="receivers-title">
        {receivers.map((receiver) => (
          <ReceiverItem key={receiver.id} receiver={receiver} details={details} actions={actions} />
        ))}
      </ul>
      {receivers.length === 0 && (
        <p class="receivers-none">
          {fromServer
            ? 'They get the files from the server, and are counted above.'
            : 'Nobody has opened the link yet.'}
        </p>
      )}
    </section>
  );
}

/** The picture follows the receiver that is furthest along among those that still receive. */
function SharingHop({ receivers }: { readonly receivers: readonly Receiver[] }) {
  const under = receivers.filter(isReceiving);
  const halfway = under.length > 0 ? under : receivers.filter(isHeldUp);
  const stage = sharingStage(receivers);
  const fraction = stage === 'done' ? 1 : Math.max(0, ...halfway.map(receiverFraction));
  return <Hop stage={stage} fraction={fraction} from="You" to="Receiver" />;
}

/** Whether it is still in the room, where it can be asked. */
function isHere({ status }: Receiver): boolean {
  return status.type !== 'done' && status.type !== 'failed';
}

function isReceiving({ status }: Receiver): boolean {
  return status.type === 'receiving';
}

function isHeldUp({ status }: Receiver): boolean {
  return status.type === 'paused' || status.type === 'reconnecting';
}

function sharingStage(receivers: readonly Receiver[]): HopStage {
  if (receivers.some(isReceiving)) return 'moving';
  if (receivers.some(isHeldUp)) return 'still';
  const anyDone = receivers.some(({ status }) => status.type === 'done');
  return anyDone ? 'done' : 'waiting';
}

function headingWords(receivers: readonly Receiver[]): string {
  if (receivers.some(isReceiving)) return 'Sending';
  const types = new Set(receivers.map(({ status }) => status.type));
  if (types.has('reconnecting')) return 'Waiting for a receiver to come back';
  if (types.has('paused')) return 'Paused';
  return types.has('done') ? 'Sent, and still shared' : 'Your link is ready';
}
