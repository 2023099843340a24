import type { ShareSecret } from '../share/link.ts';
import type { ShareKeys } from '../share/share-keys.ts';
import type { ReceiveTools } from './receive-tools.ts';
import { openSenderNote, sealReceiverNote } from './share-note.ts';
import type { SourceLinksTools } from './source-links.ts';

/** Which share, and what an earlier page had of it. */
interface LinkedShare {
  readonly secret: ShareSecret;
  readonly keys: ShareKeys;
  /** its place among the server's downloads; null where it had none */
  readonly claim: string | null;
}

/** What the two ways to this share's files are made of. */
export function linkTools(
  tools: ReceiveTools,
  { secret, keys, claim }: LinkedShare,
): SourceLinksTools {
  return {
    ...tools,
    openServerSource: (listener) => tools.openServerSource(secret, keys, listener),
    openNote: (note) => openSenderNote(secret, note),
    sealNote: (note) => sealReceiverNote(secret, note),
    claim: claim === null ? null : tools.openClaim(keys, claim),
  };
}
