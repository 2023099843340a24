import type { SignalingErrorCode } from '../protocol/signaling-error-code.ts';

/** Refuses a connection; the page gets a `connect_error` with this message and `data`. */
export class ConnectionRefusal extends Error {
  override readonly name = 'ConnectionRefusal';
  readonly data: { readonly code: SignalingErrorCode };

  constructor(code: SignalingErrorCode) {
    super(code);
    this.data = { code };
  }
}
