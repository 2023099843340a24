import { type Input, type InputKind, makeInput } from './input.ts';

/** What is transferred, each made once. */
export class Inputs {
  readonly #folder: string;
  readonly #made = new Map<string, Input>();

  /** @param folder where they are made */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** An input of this kind and about this size. */
  async get(kind: InputKind, bytes: number): Promise<Input> {
    const key = `${kind} ${bytes}`;
    const input = this.#made.get(key) ?? (await makeInput(this.#folder, kind, bytes));
    this.#made.set(key, input);
    return input;
  }
}
