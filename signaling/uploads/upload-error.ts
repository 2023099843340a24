import type { UploadErrorCode } from '../protocol/upload-error-code.ts';

/** Why a request about an upload is refused; its code is what the page is told. */
export class UploadError extends Error {
  override readonly name = 'UploadError';
  readonly code: UploadErrorCode;

  constructor(code: UploadErrorCode, options?: ErrorOptions) {
    super(code, options);
    this.code = code;
  }
}
