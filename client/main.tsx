import { render } from 'preact';
import { COMPARE_PATH } from './compare/compare-link.ts';
import type { ErrorReason } from './errors/error-reason.ts';
import { OnehopError, asOnehopError } from './errors/onehop-error.ts';
import { loadScript } from './main-load.ts';
import { type ShareSecret, parseFragment } from './share/link.ts';
import { FailurePage } from './ui/failure-page.tsx';

/** What this page cannot do without and does not have, if anything. */
function findObstacle(): ErrorReason | null {
  if (!isSecureContext) return 'insecure-context';
  return 'RTCPeerConnection' in globalThis ? null : 'webrtc-missing';
}

/** A page that others open a link to. */
interface LinkOwner {
  isOwnLink(address: string): boolean;
}

/** The page of who compares ways, or of who opened a link to take part. */
async function startCompare(root: Element, secret: ShareSecret | null): Promise<LinkOwner | null> {
  if (secret === null) {
    const { startComparing } = await loadScript(import('./main-comparing.tsx'));
    return await startComparing(root);
  }
  const { startTakingPart } = await loadScript(import('./main-taking-part.tsx'));
  await startTakingPart(root, secret);
  return null;
}

/** Loads and shows the page that this address asks for. @returns who has a link, where one does */
async function start(root: Element): Promise<LinkOwner | null> {
  try {
    const obstacle = findObstacle();
    if (obstacle !== null) throw new OnehopError(obstacle);
    const secret = parseFragment(location.hash);
    if (location.pathname === COMPARE_PATH) {
      return await startCompare(root, secret);
    }
    if (secret === null) {
      const { startSending } = await loadScript(import('./main-sending.tsx'));
      return await startSending(root);
    }
    const { startReceiving } = await loadScript(import('./main-receiving.tsx'));
    await startReceiving(root, secret);
  } catch (error) {
    render(<FailurePage reason={asOnehopError(error).reason} />, root);
  }
  return null;
}

const root = document.querySelector('#app');
const starting = root === null ? Promise.resolve(null) : start(root);

// A link pasted into the address bar of an open page changes only its fragment, which loads nothing by itself.
async function followLink(): Promise<void> {
  const owner = await starting;
  // To follow one's own link where it leads to would end what it leads to.
  if (owner?.isOwnLink(location.href)) history.replaceState(null, '', location.pathname);
  else location.reload();
}

addEventListener('hashchange', () => void followLink());

// A page that the browser kept aside while the user was elsewhere has ended its session when it was left.
addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload();
});
