import { backoffMs, LONGEST_PAUSE_MS, pause } from './backoff.ts';
import type { Call, Send, UpstreamWrite } from './endpoint.ts';
import {
  OutcomeUnknown,
  UpstreamContractError,
  UpstreamRateLimited,
  UpstreamRejected,
  UpstreamUnavailable,
} from './errors.ts';

/** A write that was answered. */
export interface Written<T> {
  readonly value: T;
  /** An earlier attempt was sent and not answered: it may be the one that this answer tells of. */
  readonly doubted: boolean;
}

/** `doubted`: the write may have been sent before, by an attempt whose outcome nobody knows. */
export type SendWrite = <T>(write: UpstreamWrite<T>, call: Call, doubted: boolean) => Promise<Written<T>>;

const MAX_ATTEMPTS = 3;

/**
 * Sends a write until it is answered, three times at most. Every attempt carries the
 * same key, or is a deletion, so that a repeat does no harm. Throws `UpstreamRejected` when the input was refused,
 * `OutcomeUnknown` when an attempt may have been carried out, and anything else only when certainly none was.
 */
export function createSendWrite(send: Send, timeoutMs: number): SendWrite {
  return async <T>(write: UpstreamWrite<T>, call: Call, doubtedBefore: boolean): Promise<Written<T>> => {
    let doubted = doubtedBefore;
    for (let attempt = 1; ; attempt++) {
      try {
        return { value: await send(write, call), doubted };
      } catch (error) {
        // The upstream keeps a refusal for its key, so no earlier attempt with the key can have been accepted.
        if (error instanceof UpstreamRejected) throw error;
        doubted ||= mayHaveHappened(error);
        const wait = waitBeforeRetry(error, attempt);
        // Nobody waits longer for permission than for an answer.
        if (wait === undefined || wait > Math.max(timeoutMs, LONGEST_PAUSE_MS)) {
          if (doubted) throw new OutcomeUnknown(`${write.endpoint.route}: no answer`, { cause: error });
          throw error;
        }
        await pause(wait, call.cancellation);
      }
    }
  };
}

function mayHaveHappened(error: unknown): boolean {
  if (error instanceof UpstreamUnavailable) return error.sent;
  // A success that cannot be read, or an answer too large to be one.
  if (error instanceof UpstreamContractError) return error.status === undefined || error.status < 300;
  return false;
}

// Undefined when another attempt would not help, or may do harm.
function waitBeforeRetry(error: unknown, attempt: number): number | undefined {
  if (attempt === MAX_ATTEMPTS) return undefined;
  if (error instanceof UpstreamUnavailable) return backoffMs(attempt);
  if (error instanceof UpstreamRateLimited) return Math.max(error.retryAfterMs ?? 0, backoffMs(attempt));
  return undefined;
}
