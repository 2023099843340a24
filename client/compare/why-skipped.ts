import type { CompareOffer } from './compare-state.ts';
import { type CompareMethod, type SkippedMethod, isByServer } from './comparison.ts';

/** Why a way cannot be tried here; null where it can. Pure. */
export function whySkipped(
  method: CompareMethod,
  { uploads, relay }: CompareOffer,
): SkippedMethod['reason'] | null {
  if (method === 'relayed' && !relay) return 'no-relay';
  return isByServer(method) && !uploads ? 'uploads-off' : null;
}
