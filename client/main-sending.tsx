import { signal } from '@preact/signals';
import { render } from 'preact';
import { watchSending } from './awake/watch-session.ts';
import { handOver } from './compare/hand-over.ts';
import { deleteKeptShare, listKeptShares } from './kept-share/kept-shares.ts';
import { keepShare, takeUpShare } from './kept-share/share-keeper.ts';
import { createNotice } from './main-notice.ts';
import { watchLeaving } from './main-leaving.ts';
import { loadScript } from './main-load.ts';
import { PieceReader, startReadThread } from './reading/piece-reader.ts';
import { FIRST_DELIVERY, type SendDelivery } from './session/delivery-state.ts';
import type { KeptActions, KeptState } from './session/kept-state.ts';
import type { ReceiverDetails } from './session/receiver-watch.ts';
import { type SendListener, SendSession } from './session/send-session.ts';
import type { SendActions, SendState } from './session/send-state.ts';
import { deleteDownload, listDownloads } from './sink/kept-downloads.ts';
import { formatBytes, formatFileCount } from './ui/format.ts';
import { SendPage } from './ui/send-page.tsx';

const kept = signal<KeptState>({ downloads: [], shares: [] });

/** Looks at what is kept of earlier visits; in this page's lifetime other tabs change it. */
async function refreshKept(): Promise<void> {
  const [downloads, shares] = await Promise.all([listDownloads(), listKeptShares(Date.now())]);
  kept.value = { downloads, shares };
}

function refreshAfter(work: Promise<unknown>): void {
  void work.catch(() => {}).then(refreshKept);
}

/** Forgets a share, and has the server delete what it has of it. */
async function deleteShare(id: string): Promise<void> {
  const upload = await deleteKeptShare(id);
  if (upload === null) return;
  const { deleteLeft } = await loadScript(import('./main-uploads.ts'));
  await deleteLeft(upload);
}

const keptActions: KeptActions = {
  deleteDownload: (id) => refreshAfter(deleteDownload(id)),
  deleteShare: (id) => refreshAfter(deleteShare(id)),
};

/** What the user does before the session is there is done as soon as it is. */
function actOn(session: Promise<SendSession>): SendActions {
  const act = (work: (ready: SendSession) => void) => void session.then(work, () => {});
  return {
    share: (chosen) => act((ready) => ready.share(chosen)),
    continueWithout: () => act((ready) => ready.continueWithout()),
    continueShare: (id) => act((ready) => ready.continueShare(id)),
    giveUp: () => act((ready) => ready.giveUp()),
    pauseReceiver: (id) => act((ready) => ready.pauseReceiver(id)),
    resumeReceiver: (id) => act((ready) => ready.resumeReceiver(id)),
    cancelReceiver: (id) => act((ready) => ready.cancelReceiver(id)),
    sendBy: (way) => act((ready) => ready.sendBy(way)),
    chooseUpload: (choice) => act((ready) => ready.chooseUpload(choice)),
    uploadNow: () => act((ready) => ready.uploadNow()),
    deleteUpload: () => act((ready) => ready.deleteUpload()),
    compare: () => act((ready) => ready.compare()),
    stopSharing: () => act((ready) => ready.stopSharing()),
    startOver: () => act((ready) => ready.startOver()),
  };
}

/** Starts the session of a sending page. */
async function startSession(listener: SendListener): Promise<SendSession> {
  // The first reader's worker loads while the user chooses, so that it is here even if the server is not any more.
  const threads = [startReadThread()];
  const [{ sessionTools }, { uploadTools }] = await Promise.all([
    loadScript(import('./main-network.ts')),
    loadScript(import('./main-uploads.ts')),
  ]);
  const session = new SendSession(
    {
      ...sessionTools,
      ...uploadTools,
      openReader: (...wanted) => new PieceReader(...wanted, threads.pop()),
      openComparison: (files, onSecret) => handOver(window, files, onSecret),
      keepShare,
      takeUpShare,
    },
    location.origin,
    listener,
  );
  watchLeaving(session);
  return session;
}

/** Shows the sending page, and starts its session. @throws {OnehopError} `script-missing` */
export async function startSending(root: Element): Promise<SendSession> {
  const state = signal<SendState>({ type: 'idle' });
  const watch = watchSending({ formatBytes, formatFileCount }, new AbortController().signal);
  const details = signal<ReceiverDetails>(new Map());
  const delivery = signal<SendDelivery>(FIRST_DELIVERY);
  const session = startSession({
    onChange: (next) => {
      if (next.type === 'idle' && state.value.type !== 'idle') void refreshKept();
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
  void refreshKept();
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden && state.value.type === 'idle') void refreshKept();
  });
  render(
    <SendPage
      state={state}
      details={details}
      delivery={delivery}
      actions={actOn(session)}
      kept={kept}
      keptActions={keptActions}
      notice={createNotice()}
    />,
    root,
  );
  return session;
}
