import { signal } from '@preact/signals';
import { render } from 'preact';
import { watchReceiving } from './awake/watch-session.ts';
import { createNotice } from './main-notice.ts';
import { watchLeaving } from './main-leaving.ts';
import { loadScript } from './main-load.ts';
import { saveFile } from './save/save-file.ts';
import { NO_DELIVERY, type ReceiveDelivery } from './session/delivery-state.ts';
import { type ReceiveListener, ReceiveSession } from './session/receive-session.ts';
import type { ReceiveActions, ReceiveState } from './session/receive-state.ts';
import type { TransferDetails } from './session/transfer-details.ts';
import type { ShareSecret } from './share/link.ts';
import { pickFolder } from './sink/folder-handles.ts';
import { makeRoom, measureFit } from './sink/kept-downloads.ts';
import { Store, startStoreThread } from './sink/store.ts';
import { formatBytes, formatFileCount } from './ui/format.ts';
import { ReceivePage } from './ui/receive-page.tsx';

/** What the user does before the session is there is done as soon as it is. */
function actOn(session: Promise<ReceiveSession>): ReceiveActions {
  const act = (work: (ready: ReceiveSession) => void) => void session.then(work, () => {});
  return {
    select: (files, included) => act((ready) => ready.select(files, included)),
    receive: () => act((ready) => ready.receive()),
    receiveIntoFolder: () => act((ready) => ready.receiveIntoFolder()),
    makeRoom: () => act((ready) => ready.makeRoom()),
    pause: () => act((ready) => ready.pause()),
    resume: () => act((ready) => ready.resume()),
    cancel: (keep) => act((ready) => ready.cancel(keep)),
    tryAgain: () => act((ready) => ready.tryAgain()),
    save: (file) => act((ready) => ready.save(file)),
    saveAll: () => act((ready) => ready.saveAll()),
  };
}

/** Starts the session of a receiving page. */
async function startSession(
  secret: ShareSecret,
  listener: ReceiveListener,
): Promise<ReceiveSession> {
  // The first store's worker loads while the connection is made, so that it is here even if the server is not any more.
  const threads = [startStoreThread()];
  const [{ sessionTools }, { openClaim, openServerSource, probeOwnLine }] = await Promise.all([
    loadScript(import('./main-network.ts')),
    loadScript(import('./main-uploads.ts')),
  ]);
  const session = new ReceiveSession(
    {
      ...sessionTools,
      openServerSource,
      openClaim,
      probeDownload: probeOwnLine,
      openStore: () => Store.open(threads.pop()),
      reopenStore: async (wanted) => {
        const thread = threads.pop() ?? startStoreThread();
        const reopened = await Store.reopen(wanted, thread);
        if (reopened === null) threads.push(thread);
        return reopened;
      },
      measureFit: (bytes) => measureFit(bytes, secret),
      makeRoom: async (bytes) => {
        await makeRoom(bytes, secret);
      },
      pickFolder,
      saveFile,
    },
    secret,
    listener,
  );
  watchLeaving(session);
  return session;
}

/** Shows the receiving page of a share, and starts its session. @throws {OnehopError} `script-missing` */
export async function startReceiving(root: Element, secret: ShareSecret): Promise<void> {
  const state = signal<ReceiveState>({ type: 'connecting', step: 'kept', kept: null });
  const watch = watchReceiving({ formatBytes, formatFileCount }, new AbortController().signal);
  const details = signal<TransferDetails | null>(null);
  const delivery = signal<ReceiveDelivery>(NO_DELIVERY);
  const session = startSession(secret, {
    onChange: (next) => {
      state.value = next;
      watch(next);
    },
    onDetails: (next) => {
      details.value = next;
    },
    onDelivery: (next) => {
      delivery.value = next;
    },
  });
  const actions = actOn(session);
  render(
    <ReceivePage
      state={state}
      details={details}
      delivery={delivery}
      actions={actions}
      notice={createNotice()}
    />,
    root,
  );
  await session;
}
