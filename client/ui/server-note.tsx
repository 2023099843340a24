import type { ReadonlySignal } from '@preact/signals';
import type { ReceiveDelivery } from '../session/delivery-state.ts';
import { formatMoment } from './format.ts';

interface ServerNoteProps {
  readonly delivery: ReadonlySignal<ReceiveDelivery>;
}

/** What the server has of the share that is received, where it has anything. */
export function ServerNote({ delivery }: ServerNoteProps) {
  const { upload, method } = delivery.value;
  if (upload === null) return null;
  const { complete, expiresAt, downloadLimit } = upload;
  return (
    <p class="server-note">
      {complete
        ? 'The server has the files as well, encrypted so that it cannot read them'
        : 'The sender is uploading the files to the server, encrypted so that it cannot read them'}
      , until {formatMoment(expiresAt)}.
      {downloadLimit === 1 && ' They can be downloaded from there once.'}
      {method === 'direct' && ' You get them straight from the sender, which needs no server.'}
    </p>
  );
}
