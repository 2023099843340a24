import type { ErrorReason } from '../errors/error-reason.ts';

/** The calls that a worker answers: for each name, what is sent and what comes back. */
export type CallMap = Readonly<
  Record<string, { readonly request: unknown; readonly reply: unknown }>
>;

/** A call on its way to the worker. */
export type CallMessage<Calls extends CallMap> = {
  [Name in keyof Calls & string]: {
    readonly id: number;
    readonly name: Name;
    readonly request: Calls[Name]['request'];
  };
}[keyof Calls & string];

/** An answer on its way back. */
export type ReplyMessage<Reply> =
  | { readonly id: number; readonly ok: true; readonly reply: Reply }
  | { readonly id: number; readonly ok: false; readonly reason: ErrorReason };
