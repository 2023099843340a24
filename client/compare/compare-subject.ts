import { OnehopError } from '../errors/onehop-error.ts';
import { MAX_FILES, buildManifest, describeChosen, digestManifest } from '../share/manifest.ts';
import { splitManifest } from '../transfer/manifest-parts.ts';
import type { CompareOffer, CompareWish } from './compare-state.ts';
import { type ComparePlan, MAX_ROUNDS, MIN_ROUNDS } from './comparison.ts';
import { createRandomFile } from './random-file.ts';
import type { CompareSubject } from './run-sender.ts';
import { whySkipped } from './why-skipped.ts';

/** What is to be sent in each run. @throws {OnehopError} `too-many-files` where it is more than a share holds, or nothing */
export async function readSubject(wish: CompareWish['subject']): Promise<CompareSubject> {
  const files = wish.type === 'files' ? wish.files : [createRandomFile(wish.bytes)];
  if (files.length === 0 || files.length > MAX_FILES) throw new OnehopError('too-many-files');
  const entries = files.map((file) => describeChosen({ path: file.name, file }));
  const manifest = buildManifest(entries);
  if (manifest === null || splitManifest(manifest) === null)
    throw new OnehopError('too-many-files');
  return { manifest, digest: await digestManifest(manifest), files };
}

/** What of a wish can be done here, and why the rest cannot; null where nothing of it can. Pure. */
export function planComparison(
  wish: CompareWish,
  { manifest }: CompareSubject,
  offer: CompareOffer,
): ComparePlan | null {
  const skipped = wish.methods.flatMap((method) => {
    const reason = whySkipped(method, offer);
    return reason === null ? [] : [{ method, reason }];
  });
  const methods = wish.methods.filter((method) => whySkipped(method, offer) === null);
  if (methods.length === 0) return null;
  const { totalBytes, entries } = manifest;
  return {
    subject: { type: wish.subject.type, bytes: totalBytes, files: entries.length },
    methods,
    skipped,
    rounds: Math.min(MAX_ROUNDS, Math.max(MIN_ROUNDS, Math.round(wish.rounds))),
  };
}
