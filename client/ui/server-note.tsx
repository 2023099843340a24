import type { ReadonlySignal } from '@preact/signals';
import type { HeldUpload, Method, ReceiveDelivery } from '../session/delivery-state.ts';
import { formatMoment } from './format.ts';

interface ServerNoteProps {
  readonly delivery: ReadonlySignal<ReceiveDelivery>;
}

/** What the server has of the share that is received, where it has anything, and whether the files come from there. */
export function ServerNote({ delivery }: ServerNoteProps) {
  const { upload, method } = delivery.value;
  if (upload === null) return null;
  return (
    <p class="server-note">
      {heldWords(upload)} {method !== null && WAY_WORDS[method]}
    </p>
  );
}

function heldWords({ complete, expiresAt, downloadLimit }: HeldUpload): string {
  const who = complete
    ? 'The server has the files, encrypted so that it cannot read them'
    : 'The sender is uploading the files to the server, encrypted so that it cannot read them';
  const once = downloadLimit === 1 ? ' They can be downloaded from there once.' : '';
  return `${who}, until ${formatMoment(expiresAt)}.${once}`;
}

const WAY_WORDS: Readonly<Record<Method, string>> = {
  direct: 'You get them straight from the sender all the same, in one hop.',
  stored: 'You get them from there, in two hops.',
  streamed: 'You get them from there while they are uploaded, in two hops.',
};
