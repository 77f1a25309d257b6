/** Characters that are encoded at once. */
const BATCH = 64 * 1024;

/** Encodes text as it grows, so that a long answer exists only once, outside the heap. */
export class TextBytes {
  #bytes: Buffer;
  #length = 0;
  #pending = '';

  /** `expected` is how many bytes are likely. */
  constructor(expected: number) {
    this.#bytes = Buffer.allocUnsafeSlow(expected + BATCH);
  }

  add(text: string): void {
    this.#pending += text;
    if (this.#pending.length >= BATCH) this.#encode();
  }

  /** Returns all bytes so far. */
  take(): Buffer {
    this.#encode();
    return this.#bytes.subarray(0, this.#length);
  }

  #encode(): void {
    const needed = this.#length + Buffer.byteLength(this.#pending);
    if (needed > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.ceil(needed * 1.5));
      this.#bytes.copy(larger, 0, 0, this.#length);
      this.#bytes = larger;
    }
    this.#bytes.write(this.#pending, this.#length);
    this.#length = needed;
    this.#pending = '';
  }
}
