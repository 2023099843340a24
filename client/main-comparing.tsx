import { signal } from '@preact/signals';
import { render } from 'preact';
import { watchComparing } from './awake/watch-session.ts';
import type { CompareOffer, HostActions, HostState } from './compare/compare-state.ts';
import { toCsv, toJson } from './compare/comparison-export.ts';
import { keepComparison, forgetComparison, listComparisons } from './compare/comparison-history.ts';
import type { Comparison } from './compare/comparison.ts';
import { takeOver } from './compare/hand-over.ts';
import { type HostListener, HostSession, type HostTools } from './compare/host-session.ts';
import { learn } from './compare/prediction-grade.ts';
import { predict } from './compare/prediction.ts';
import { network, ownTools, uploads } from './main-compare-tools.ts';
import { watchLeaving } from './main-leaving.ts';
import { createNotice } from './main-notice.ts';
import { PieceReader } from './reading/piece-reader.ts';
import { saveFile } from './save/save-file.ts';
import type { ShareSecret } from './share/link.ts';
import { ComparePage } from './ui/compare-page.tsx';
import type { HistoryActions } from './ui/comparison-history.tsx';

const history = signal<readonly Comparison[]>([]);

/** None where the browser keeps nothing, as in some private windows. */
function kept(): Promise<readonly Comparison[]> {
  return listComparisons().catch(() => []);
}

/** In this page's lifetime other tabs may add some. */
async function refreshHistory(): Promise<void> {
  history.value = await kept();
}

const historyActions: HistoryActions = {
  remove: (id) =>
    void forgetComparison(id)
      .catch(() => {})
      .then(refreshHistory),
  export: (comparison, format) => {
    const text = format === 'json' ? toJson([comparison]) : toCsv([comparison]);
    const day = new Date(comparison.at).toISOString().slice(0, 10);
    saveFile(new Blob([text]), `onehop-comparison-${day}.${format}`);
  },
};

async function hostTools(onSecret: (secret: ShareSecret) => void): Promise<HostTools> {
  const [{ sessionTools, openMeeting }, { uploadTools }] = await Promise.all([
    network(),
    uploads(),
  ]);
  return {
    ...sessionTools,
    ...uploadTools,
    ...ownTools,
    openMeeting,
    openReader: (...wanted) => new PieceReader(...wanted),
    origin: location.origin,
    onSecret,
    predict: async (probe, bytes) => predict(probe, bytes, learn(await kept())),
    keep: async (comparison) => {
      await keepComparison(comparison);
      await refreshHistory();
    },
  };
}

/** Shows the page of who compares, and starts its session. @throws {OnehopError} `script-missing` */
export async function startComparing(root: Element): Promise<HostSession> {
  const state = signal<HostState>({ type: 'opening' });
  const offer = signal<CompareOffer>({ uploads: true, relay: false });
  const files = signal<readonly File[]>([]);
  const watch = watchComparing(new AbortController().signal);
  // The page that this one was opened from has its files chosen.
  const take = async (secret: ShareSecret) => {
    files.value = (await takeOver(window, secret)) ?? [];
  };
  const listener: HostListener = {
    onChange: (next) => {
      state.value = next;
      watch(next);
    },
    onOffer: (next) => {
      offer.value = next;
    },
  };
  const session = hostTools((secret) => void take(secret)).then(
    (tools) => new HostSession(tools, listener),
  );
  void session.then(watchLeaving, () => {});
  const act = (work: (ready: HostSession) => void) => void session.then(work, () => {});
  const actions: HostActions = {
    compare: (wish) => act((ready) => ready.compare(wish)),
    stop: () => act((ready) => ready.stop()),
    say: (text, way) => act((ready) => ready.say(text, way)),
    again: () => act((ready) => ready.again()),
  };
  void refreshHistory();
  render(
    <ComparePage
      state={state}
      offer={offer}
      actions={actions}
      files={files}
      history={history}
      historyActions={historyActions}
      notice={createNotice()}
    />,
    root,
  );
  return await session;
}
