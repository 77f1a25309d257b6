import { inspect } from 'node:util';

const REDACTED = '[redacted]';

/** A credential that prints as `[redacted]` wherever it is logged, serialised or inspected. */
export class Secret {
  readonly #read: () => string;

  /** A function is asked on every use, so that a mounted file can be replaced while the process runs. */
  constructor(value: string | (() => string)) {
    this.#read = typeof value === 'function' ? value : () => value;
  }

  /** The only way to the value: call it where the bytes go on the wire, nowhere earlier. */
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
