import { cdp } from 'vitest/browser';

declare module 'vitest/internal/browser' {
  interface CDPSession {
    send(
      method: 'Storage.overrideQuotaForOrigin',
      parameters: { readonly origin: string; readonly quotaSize?: number },
    ): Promise<unknown>;
  }
}

/** How many bytes this site may keep from now on; as many as the browser has it without a number. */
export async function setQuota(quotaSize?: number): Promise<void> {
  const { origin } = location;
  const parameters = quotaSize === undefined ? { origin } : { origin, quotaSize };
  await cdp().send('Storage.overrideQuotaForOrigin', parameters);
}
