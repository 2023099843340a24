import { MAX_MESSAGE_LENGTH, type ControlMessage } from './control-message.ts';
import type { CompareMessage } from './compare-state.ts';
import type { Meeting } from './meeting.ts';
import { MessageLog } from './message-log.ts';

/** Texts from page to page, over whichever way their author chose. */
export class Talk {
  readonly #log = new MessageLog();

  get messages(): readonly CompareMessage[] {
    return this.#log.messages;
  }

  /** Sends a text; blank ones are not sent, and where no lane is up it goes through the server. */
  say(text: string, way: CompareMessage['way'], meeting: Meeting): void {
    const said = text.trim().slice(0, MAX_MESSAGE_LENGTH);
    if (said === '') return;
    const taken = way === 'peer' && meeting.peerUp ? 'peer' : 'through-server';
    const number = this.#log.write(said, taken);
    const message = { type: 'message', number, text: said } as const;
    if (taken === 'through-server' || !meeting.sendDirectly(message)) meeting.send(message);
  }

  /** Takes what belongs to it. @returns whether it did */
  take(message: ControlMessage, way: CompareMessage['way'], meeting: Meeting): boolean {
    if (message.type === 'shown') this.#log.deliver(message.number);
    else if (message.type !== 'message') return false;
    else {
      this.#log.read(message.text, way, message.number);
      meeting.send({ type: 'shown', number: message.number });
    }
    return true;
  }
}
