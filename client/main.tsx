import { signal } from '@preact/signals';
import { render } from 'preact';
import type { ErrorReason } from './errors/error-reason.ts';
import { OnehopError, asOnehopError } from './errors/onehop-error.ts';
import { PieceReader } from './reading/piece-reader.ts';
import { hasWebRtc, openLane } from './peer/lane.ts';
import { Room } from './room/room.ts';
import { saveFile } from './save/save-file.ts';
import { ReceiveSession } from './session/receive-session.ts';
import type { ReceiveState } from './session/receive-state.ts';
import { SendSession } from './session/send-session.ts';
import type { SessionTools } from './session/session-tools.ts';
import type { SendState } from './session/send-state.ts';
import { type ShareSecret, parseFragment } from './share/link.ts';
import { Store, startStoreThread } from './sink/store.ts';
import { FailurePage } from './ui/failure-page.tsx';
import { ReceivePage } from './ui/receive-page.tsx';
import { SendPage } from './ui/send-page.tsx';

const tools: SessionTools = {
  clock: () => performance.now(),
  openRoom: (role, keys, listener) => new Room(role, keys, listener),
  openLane,
};

/** What this page cannot do without and does not have, if anything. */
function findObstacle(): ErrorReason | null {
  if (!isSecureContext) return 'insecure-context';
  return hasWebRtc() ? null : 'webrtc-missing';
}

function startSending(root: Element): SendSession {
  const state = signal<SendState>({ type: 'idle' });
  const session = new SendSession(
    { ...tools, openReader: (...wanted) => new PieceReader(...wanted) },
    location.origin,
    (next) => {
      state.value = next;
    },
  );
  watchLeaving(session);
  render(<SendPage state={state} actions={session} />, root);
  return session;
}

function startReceiving(root: Element, secret: ShareSecret): void {
  const state = signal<ReceiveState>({ type: 'connecting', step: 'room' });
  // The first store's worker loads while the connection is made.
  const threads = [startStoreThread()];
  const session = new ReceiveSession(
    { ...tools, openStore: () => Store.open(threads.pop()), saveFile },
    secret,
    (next) => {
      state.value = next;
    },
  );
  watchLeaving(session);
  render(<ReceivePage state={state} actions={session} />, root);
}

/** Ends the session with its page, and has the browser ask first where something would be lost. */
function watchLeaving(session: { readonly losesOnLeaving: boolean; close(): void }): void {
  addEventListener('beforeunload', (event) => {
    if (session.losesOnLeaving) event.preventDefault();
  });
  addEventListener('pagehide', () => session.close());
}

/** Shows the page that this address asks for. @returns the session, on a sending page */
function start(root: Element): SendSession | null {
  try {
    const obstacle = findObstacle();
    if (obstacle !== null) throw new OnehopError(obstacle);
    const secret = parseFragment(location.hash);
    if (secret === null) return startSending(root);
    startReceiving(root, secret);
  } catch (error) {
    render(<FailurePage reason={asOnehopError(error).reason} />, root);
  }
  return null;
}

const root = document.querySelector('#app');
const sending = root === null ? null : start(root);

// A link pasted into the address bar of an open page changes only its fragment, which loads nothing by itself.
addEventListener('hashchange', () => {
  // To follow one's own link where the share comes from would end the share.
  if (sending?.isOwnLink(location.href)) history.replaceState(null, '', location.pathname);
  else location.reload();
});

// A page that the browser kept aside while the user was elsewhere has ended its session when it was left.
addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload();
});
