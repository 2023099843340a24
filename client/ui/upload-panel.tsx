import type { ErrorReason } from '../errors/error-reason.ts';
import type { SendDelivery } from '../session/delivery-state.ts';
import { describeProgress } from '../session/progress.ts';
import type { SendActions } from '../session/send-state.ts';
import type { UploadPhase } from '../session/upload-machine.ts';
import { ERROR_WORDS } from './error-words.ts';
import { formatBytes, formatCount, formatMoment } from './format.ts';
import { ProgressBar } from './progress-bar.tsx';
import { TransferFigures } from './transfer-figures.tsx';
import './upload-panel.css';

interface UploadPanelProps {
  readonly delivery: SendDelivery;
  /** of the share */
  readonly totalBytes: number;
  /** in ms of the clock that the page's progress is measured by */
  readonly now: number;
  readonly actions: Pick<SendActions, 'uploadNow' | 'deleteUpload'>;
}

/** What the server has of this share, or could have: its progress, until when it keeps it, and the end of it. */
export function UploadPanel(props: UploadPanelProps) {
  const { delivery } = props;
  const { sendBy, upload, offered } = delivery;
  const nothing = upload.type === 'none' && (sendBy === 'direct' || !offered);
  if (nothing) return null;
  return (
    <section class="upload-panel" aria-labelledby="upload-title" data-upload={upload.type}>
      <h2 id="upload-title">On the server</h2>
      <UploadState {...props} />
    </section>
  );
}

function UploadState({ delivery, totalBytes, now, actions }: UploadPanelProps) {
  const { upload, blocked } = delivery;
  const again = (words: string) => <PanelButton words={words} onPress={actions.uploadNow} />;
  switch (upload.type) {
    case 'none':
      return (
        <>
          <p role="status">{blocked && 'No direct connection has come up within 15 seconds.'}</p>
          <p>
            {blocked
              ? 'The server can pass the files on'
              : 'Want to leave? The server can keep the files'}
            , encrypted in this browser so that it cannot read them. It costs an upload of{' '}
            {formatBytes(totalBytes)}, and each receiver a download.
          </p>
          <p class="buttons">{again('Upload to the server')}</p>
        </>
      );
    case 'looking':
      return <p role="status">Looking what the server has of an earlier upload</p>;
    case 'uploading':
      return <Uploading upload={upload} now={now} onDelete={actions.deleteUpload} />;
    case 'stored':
      return (
        <>
          <p role="status">
            Uploaded, encrypted.{' '}
            {upload.expiresAt > 0 && `It is kept until ${formatMoment(upload.expiresAt)}.`}
          </p>
          <p>
            <strong>You may close this page:</strong> the link works until then.{' '}
            {downloadWords(upload)}
          </p>
          <p class="buttons">
            <DeleteButton onPress={actions.deleteUpload} />
          </p>
        </>
      );
    case 'deleting':
      return <p role="status">Deleting it from the server</p>;
    case 'gone':
      return (
        <>
          <p role="status">
            {upload.why === 'deleted'
              ? 'Deleted from the server.'
              : 'The server no longer has the files: their time was up, or all downloads were made.'}
          </p>
          <p class="buttons">{again('Upload again')}</p>
        </>
      );
    case 'failed':
      return (
        <>
          <div role="alert">
            <p>
              <strong>{ERROR_WORDS[upload.reason].title}</strong>
            </p>
            <p>{ERROR_WORDS[upload.reason].advice}</p>
          </div>
          <p class="buttons">
            {again('Try again')}
            {upload.reason !== 'share-taken' && <DeleteButton onPress={actions.deleteUpload} />}
          </p>
        </>
      );
  }
}

interface UploadingProps {
  readonly upload: Extract<UploadPhase, { type: 'uploading' }>;
  readonly now: number;
  readonly onDelete: () => void;
}

function Uploading({ upload, now, onDelete }: UploadingProps) {
  const { sent, total, meter, waitingFor, stored } = upload;
  const progress = describeProgress(sent, total, meter, now);
  return (
    <>
      <p role="status">
        {waitingFor === null
          ? 'Uploading, encrypted in this browser. Keep this page open until it is done.'
          : `${waitingWords(waitingFor)}. The upload goes on by itself as soon as it can.`}
      </p>
      <ProgressBar name="Upload" fraction={total === 0 ? 0 : sent / total} progress={progress} />
      {total > 0 && <TransferFigures progress={progress} />}
      {stored !== null && <p>It is kept until {formatMoment(stored.expiresAt)}.</p>}
      <p class="buttons">
        <DeleteButton onPress={onDelete} />
      </p>
    </>
  );
}

function waitingWords(reason: ErrorReason): string {
  return reason === 'upload-unreachable'
    ? 'The server cannot be reached'
    : ERROR_WORDS[reason].title;
}

function downloadWords({ downloads, downloadLimit }: { downloads: number; downloadLimit: number }) {
  const made =
    downloads === 0 ? 'Nobody has downloaded it yet' : `${formatCount(downloads)} downloaded it`;
  return downloadLimit === 0 ? `${made}.` : `${made}, of ${formatCount(downloadLimit)} at most.`;
}

function DeleteButton({ onPress }: { readonly onPress: () => void }) {
  return (
    <button type="button" class="button danger" onClick={onPress}>
      Delete from server
    </button>
  );
}

function PanelButton({ words, onPress }: { readonly words: string; readonly onPress: () => void }) {
  return (
    <button type="button" class="button" onClick={onPress}>
      {words}
    </button>
  );
}
