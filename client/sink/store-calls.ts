/** What the store worker answers: it checks pieces and keeps them in its sink. */
export type StoreCalls = {
  /** opens the sink: on disk in the folder of this name, or in memory where there is no disk */
  readonly open: { readonly request: { readonly folder: string }; readonly reply: null };
  /** checks a piece against its hash and, if it is right, writes it */
  readonly store: {
    readonly request: {
      readonly file: number;
      readonly start: number;
      readonly hash: Uint8Array<ArrayBuffer>;
      readonly parts: readonly Uint8Array<ArrayBuffer>[];
    };
    readonly reply: 'stored' | 'rejected';
  };
  readonly flush: { readonly request: null; readonly reply: null };
  readonly read: { readonly request: { readonly file: number }; readonly reply: Blob };
  readonly discard: { readonly request: null; readonly reply: null };
};
