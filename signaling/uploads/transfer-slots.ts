/** Counts the transfers that run at once, in all and for each address. */
export class TransferSlots {
  readonly #max: number;
  readonly #maxPerAddress: number;
  readonly #counts = new Map<string, number>();
  #count = 0;

  constructor(max: number, maxPerAddress: number) {
    this.#max = max;
    this.#maxPerAddress = maxPerAddress;
  }

  /** Takes a slot and gives what frees it; undefined when there is none. */
  take(address: string): (() => void) | undefined {
    const count = this.#counts.get(address) ?? 0;
    if (this.#count >= this.#max || count >= this.#maxPerAddress) return undefined;
    this.#set(address, 1);
    let isFree = false;
    return () => {
      if (!isFree) this.#set(address, -1);
      isFree = true;
    };
  }

  #set(address: string, change: 1 | -1): void {
    const count = (this.#counts.get(address) ?? 0) + change;
    this.#count += change;
    if (count === 0) this.#counts.delete(address);
    else this.#counts.set(address, count);
  }
}
