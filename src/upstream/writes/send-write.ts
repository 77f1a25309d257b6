import type { Observer } from '../../telemetry/observer.ts';
import type { Call, Send, UpstreamWrite } from '../endpoint.ts';
import {
  OutcomeUnknown,
  UpstreamConflict,
  UpstreamContractError,
  UpstreamError,
  UpstreamRejected,
  UpstreamUnavailable,
} from '../errors.ts';
import { backoffMs, LONGEST_PAUSE_MS, pause } from '../resilience/backoff.ts';
import type { Limit } from '../resilience/limit.ts';
import type { Restarts } from '../resilience/restarts.ts';
import { MAX_ATTEMPTS, waitBeforeRetry as waitAfter } from '../resilience/with-retry.ts';

/** A write that was answered. */
export interface Written<T> {
  readonly value: T;
  /** An earlier attempt may have been carried out, so this answer may report its result. */
  readonly mayHaveSucceeded: boolean;
}

/**
 * `mayHaveSucceeded`: the write may have been sent before, by an attempt whose outcome is unknown. `onSend` is called
 * when the first attempt has its turn: from then on the write is carried to its end.
 */
export type SendWrite = <T>(
  write: UpstreamWrite<T>,
  call: Call,
  mayHaveSucceeded: boolean,
  onSend: () => void,
) => Promise<Written<T>>;

export interface SendWriteOptions {
  readonly send: Send;
  readonly limit: Limit;
  readonly restarts: Restarts;
  readonly timeoutMs: number;
  readonly observer: Observer;
}

/**
 * Sends a write until it is answered, three times at most, not counting attempts that cannot be sent while the upstream
 * restarts. Every attempt carries the same key or is a deletion, so a repeat does no harm. Each attempt waits for its own
 * turn, and the pause between attempts occupies none. Throws `UpstreamRejected` when the API refused the input,
 * `OutcomeUnknown` when an attempt may have been carried out, and anything else only when certainly none was.
 */
export function createSendWrite(options: SendWriteOptions): SendWrite {
  const { send, limit, restarts, timeoutMs, observer } = options;
  return async <T>(
    write: UpstreamWrite<T>,
    call: Call,
    mayHaveSucceededBefore: boolean,
    onSend: () => void,
  ): Promise<Written<T>> => {
    let mayHaveSucceeded = mayHaveSucceededBefore;
    for (let attempt = 1, unsent = 0; ; ) {
      try {
        const value = await limit(write, call, () => {
          if (call.cancellation.reason) throw call.cancellation.reason;
          onSend();
          return send(write, call);
        });
        return { value, mayHaveSucceeded };
      } catch (error) {
        // An error of the token call says nothing about the write, which was not sent.
        const own =
          error instanceof UpstreamError && error.route === write.endpoint.route ? error : undefined;
        // The upstream keeps a refusal for its key, so no earlier attempt with the key can have been accepted.
        if (own instanceof UpstreamRejected) throw own;
        mayHaveSucceeded ||= leavesUnknown(own);
        const isRestart = restarts.isRestart(error);
        const wait = isRestart ? backoffMs(++unsent) : waitBeforeRetry(error, write, attempt++);
        // The pause before an attempt may be no longer than the attempt itself.
        if (wait === undefined || wait > Math.max(timeoutMs, LONGEST_PAUSE_MS)) {
          if (mayHaveSucceeded)
            throw new OutcomeUnknown(`${write.endpoint.route}: no answer`, { cause: error });
          throw error;
        }
        observer.callRetried(write.endpoint.route);
        await pause(wait, call.cancellation);
      }
    }
  };
}

function leavesUnknown(error: UpstreamError | undefined): boolean {
  if (error instanceof UpstreamUnavailable) return error.sent;
  // A success that cannot be read, or an answer that is too large.
  if (error instanceof UpstreamContractError) return error.status === undefined || error.status < 300;
  return false;
}

// Undefined when another attempt would not help, or may do harm.
function waitBeforeRetry(
  error: unknown,
  { method }: UpstreamWrite<unknown>,
  attempt: number,
): number | undefined {
  if (attempt === MAX_ATTEMPTS) return undefined;
  // It is not documented whether a key that is still in progress is a conflict. If so, it is resolved a moment later.
  if (error instanceof UpstreamConflict && method === 'POST') return backoffMs(attempt);
  return waitAfter(error, attempt);
}
