import { signal } from '@preact/signals';
import { render } from 'preact';
import { watchComparing } from './awake/watch-session.ts';
import type { GuestActions, GuestState } from './compare/compare-state.ts';
import { GuestSession, type GuestTools } from './compare/guest-session.ts';
import { network, ownTools, uploads } from './main-compare-tools.ts';
import { watchLeaving } from './main-leaving.ts';
import type { ShareSecret } from './share/link.ts';
import { Store } from './sink/store.ts';
import { CompareGuestPage } from './ui/compare-guest-page.tsx';

async function guestTools(): Promise<GuestTools> {
  const [{ sessionTools, openMeeting }, { openServerSource, probeOwnLine }] = await Promise.all([
    network(),
    uploads(),
  ]);
  const openStore = () => Store.open();
  return {
    ...sessionTools,
    ...ownTools,
    openMeeting,
    openServerSource,
    probeDownload: probeOwnLine,
    openStore,
  };
}

/** Shows the page of who takes part in a comparison, and starts its session. @throws {OnehopError} `script-missing` */
export async function startTakingPart(root: Element, secret: ShareSecret): Promise<void> {
  const state = signal<GuestState>({ type: 'joining' });
  const watch = watchComparing(new AbortController().signal);
  const onChange = (next: GuestState) => {
    state.value = next;
    watch(next);
  };
  const session = guestTools().then((tools) => new GuestSession(tools, secret, onChange));
  void session.then(watchLeaving, () => {});
  const act = (work: (ready: GuestSession) => void) => void session.then(work, () => {});
  const actions: GuestActions = {
    takePart: () => act((ready) => ready.takePart()),
    decline: () => act((ready) => ready.decline()),
    stop: () => act((ready) => ready.stop()),
    say: (text, way) => act((ready) => ready.say(text, way)),
  };
  render(<CompareGuestPage state={state} actions={actions} />, root);
  await session;
}
