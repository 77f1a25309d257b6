import { HttpError } from '../errors/http-error.ts';

/** How many bytes the bodies of all unverified callers may have together. */
const BOUND = 32 * 1024 * 1024;
const RETRY_AFTER_MS = 2_000;

/** The part of the account that one request uses. */
export interface BodyShare {
  /** Throws `OVERLOADED` if the account is full. */
  take(bytes: number): void;
  release(): void;
}

/**
 * Accounts for the request bodies of callers that are not verified yet. Anyone can send made-up keys, so what they make
 * the process hold is bounded for all of them together.
 */
export class UnverifiedBodies {
  readonly #bound: number;
  #held = 0;

  constructor(bound = BOUND) {
    this.#bound = bound;
  }

  /** The bytes that are held now. */
  get held(): number {
    return this.#held;
  }

  share(): BodyShare {
    let taken = 0;
    return {
      take: (bytes) => {
        if (this.#held + bytes > this.#bound) throw full();
        taken += bytes;
        this.#held += bytes;
      },
      release: () => {
        this.#held -= taken;
        taken = 0;
      },
    };
  }
}

// Closes the connection instead of waiting for the rest of the body.
const full = () =>
  new HttpError('OVERLOADED', {
    status: 503,
    retryAfterMs: RETRY_AFTER_MS,
    headers: { connection: 'close' },
  });
