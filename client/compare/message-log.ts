import type { CompareMessage } from './compare-state.ts';

/** No log keeps more messages. */
const MAX_MESSAGES = 200;

interface Logged extends CompareMessage {
  /** by which its author knows it */
  readonly number: number;
}

/** What the two wrote to each other. */
export class MessageLog {
  #messages: readonly Logged[] = [];
  #numbers = 0;

  get messages(): readonly CompareMessage[] {
    return this.#messages;
  }

  /** Notes one that goes out. @returns its number */
  write(text: string, way: CompareMessage['way']): number {
    this.#numbers += 1;
    this.#add({ from: 'me', text, way, delivered: false, number: this.#numbers });
    return this.#numbers;
  }

  /** Notes one that came. */
  read(text: string, way: CompareMessage['way'], number: number): void {
    this.#add({ from: 'other', text, way, delivered: true, number });
  }

  /** The other side shows it. */
  deliver(number: number): void {
    this.#messages = this.#messages.map((one) =>
      one.from === 'me' && one.number === number ? { ...one, delivered: true } : one,
    );
  }

  #add(message: Logged): void {
    this.#messages = [...this.#messages, message].slice(-MAX_MESSAGES);
  }
}
