import * as v from 'valibot';
import { base64url } from '../../signaling/protocol/base64url.ts';
import { decodeBase64url, encodeBase64url } from '../encoding/base64url.ts';
import { SECRET_BYTES, type ShareSecret } from '../share/link.ts';
import { COMPARE_PATH } from './compare-link.ts';

/** How long the opened page may take to ask for the files, in milliseconds. */
const ASK_MS = 60_000;

/** From the page that compares to the one that opened it. */
const askingSchema = v.strictObject({
  type: v.literal('onehop-files-wanted'),
  secret: base64url(SECRET_BYTES),
});
/** The answer. */
const filesSchema = v.strictObject({
  type: v.literal('onehop-files'),
  files: v.array(v.instance(File)),
});

/** What of a window is needed to write to it. */
export interface Addressee {
  postMessage(message: unknown, origin: string): void;
}

/** What of a page's own window is needed to be written to. */
export interface Hearer {
  readonly origin: string;
  addEventListener(
    type: 'message',
    listener: (event: MessageEvent<unknown>) => void,
    options: { readonly signal: AbortSignal },
  ): void;
}

/**
 * Opens the page that compares, in a tab of its own, and gives it these files: only a page of this origin, and only the one that was opened.
 * @param onSecret told the comparison's secret once the page has one
 */
export function handOver(
  opener: Hearer & { open(path: string, target: string): Addressee | null },
  files: readonly File[],
  onSecret: (secret: ShareSecret) => void,
): void {
  const opened = opener.open(COMPARE_PATH, '_blank');
  if (opened === null) return;
  const { origin } = opener;
  const signal = AbortSignal.timeout(ASK_MS);
  opener.addEventListener(
    'message',
    (event: MessageEvent<unknown>) => {
      if (event.source !== opened || event.origin !== origin) return;
      const asked = v.safeParse(askingSchema, event.data);
      const secret = asked.success ? decodeBase64url(asked.output.secret) : null;
      if (secret === null) return;
      opened.postMessage({ type: 'onehop-files', files: [...files] }, origin);
      onSecret(secret);
    },
    { signal },
  );
}

/**
 * Asks the page that opened this one for its files, if there is one of this origin.
 * @param secret of the comparison, so that whoever receives from that page can be asked to take part
 * @returns the files; null where nobody gives any in time
 */
export function takeOver(
  page: Hearer & { readonly opener: Addressee | null },
  secret: ShareSecret,
): Promise<readonly File[] | null> {
  const { opener, origin } = page;
  if (opener === null) return Promise.resolve(null);
  return new Promise((resolve) => {
    const end = AbortSignal.timeout(ASK_MS);
    end.addEventListener('abort', () => resolve(null));
    page.addEventListener(
      'message',
      (event: MessageEvent<unknown>) => {
        if (event.source !== opener || event.origin !== origin) return;
        const given = v.safeParse(filesSchema, event.data);
        if (given.success) resolve(given.output.files);
      },
      { signal: end },
    );
    opener.postMessage({ type: 'onehop-files-wanted', secret: encodeBase64url(secret) }, origin);
  });
}
