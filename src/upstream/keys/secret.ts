import { inspect } from 'node:util';

const REDACTED = '[redacted]';

/** A credential that prints as `[redacted]` wherever it is logged, serialised or inspected. */
export class Secret {
  readonly #read: () => string;

  /** A function is called on every use, so that a mounted file can be replaced while the process runs. */
  constructor(value: string | (() => string)) {
    this.#read = typeof value === 'function' ? value : () => value;
  }

  /** Returns the value. Call it only where the value is sent or hashed. */
  reveal(): string {
    return this.#read();
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  [inspect.custom](): string {
    return REDACTED;
  }
}
