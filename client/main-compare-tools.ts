import { watchPageLoad } from './compare/page-load.ts';
import { loadScript } from './main-load.ts';

/** What the pages of both sides load while they are shown already. */
export const network = () => loadScript(import('./main-network.ts'));
export const uploads = () => loadScript(import('./main-uploads.ts'));

/** What both sides' sessions are made of. */
export const ownTools = {
  agent: navigator.userAgent.slice(0, 300),
  wallTime: () => Date.now(),
  watchPageLoad,
};
