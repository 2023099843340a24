import type { ShareKeys } from '../share/share-keys.ts';

/** On which terms a share is left with the server. */
export interface UploadTerms {
  readonly keys: ShareKeys;
  readonly lifetimeSeconds: number;
  /** how many downloads are allowed; 0 for any number */
  readonly downloadLimit: number;
}
