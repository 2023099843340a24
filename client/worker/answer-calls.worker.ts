import { asOnehopError } from '../errors/onehop-error.ts';
import type { CallMap, CallMessage, ReplyMessage } from './call-protocol.ts';

/** For each call, a function that answers it; `transfer` collects what the answer hands over. */
export type Answers<Calls extends CallMap> = {
  readonly [Name in keyof Calls & string]: (
    request: Calls[Name]['request'],
    transfer: Transferable[],
  ) => Promise<Calls[Name]['reply']>;
};

/** Answers, in this worker, the calls of a `WorkerCaller`; several may run at once. */
export function answerCalls<Calls extends CallMap>(answers: Answers<Calls>): void {
  addEventListener('message', (event: MessageEvent<CallMessage<Calls>>) => {
    void answer(answers, event.data);
  });
}

async function answer<Calls extends CallMap>(
  answers: Answers<Calls>,
  { id, name, request }: CallMessage<Calls>,
): Promise<void> {
  const transfer: Transferable[] = [];
  try {
    reply({ id, ok: true, reply: await answers[name](request, transfer) }, transfer);
  } catch (error) {
    reply({ id, ok: false, reason: asOnehopError(error).reason }, []);
  }
}

function reply(message: ReplyMessage<unknown>, transfer: Transferable[]): void {
  postMessage(message, { transfer });
}
