import type { Observer } from '../../telemetry/observer.ts';
import { backoffMs, LONGEST_PAUSE_MS, pause } from '../backoff.ts';
import type { Call, Send, UpstreamWrite } from '../endpoint.ts';
import {
  OutcomeUnknown,
  UpstreamConflict,
  UpstreamContractError,
  UpstreamError,
  UpstreamRateLimited,
  UpstreamRejected,
  UpstreamUnavailable,
} from '../errors.ts';
import type { Limit } from '../with-limit.ts';

/** A write that was answered. */
export interface Written<T> {
  readonly value: T;
  /** An earlier attempt may have been carried out: it may be the one that this answer tells of. */
  readonly doubted: boolean;
}

/**
 * `doubted`: the write may have been sent before, by an attempt whose outcome nobody knows. `onSend` is called when the
 * first attempt has its turn: from then on the write is carried to its end.
 */
export type SendWrite = <T>(
  write: UpstreamWrite<T>,
  call: Call,
  doubted: boolean,
  onSend: () => void,
) => Promise<Written<T>>;

export interface SendWriteOptions {
  readonly send: Send;
  readonly limit: Limit;
  readonly timeoutMs: number;
  readonly observer: Observer;
}

const MAX_ATTEMPTS = 3;

/**
 * Sends a write until it is answered, three times at most. Every attempt carries the same key, or is a deletion, so that
 * a repeat does no harm; each waits for its turn, and no turn is held while it is waited for another. Throws
 * `UpstreamRejected` when the API refused the input, `OutcomeUnknown` when an attempt may have been carried out, and
 * anything else only when certainly none was.
 */
export function createSendWrite({ send, limit, timeoutMs, observer }: SendWriteOptions): SendWrite {
  return async <T>(
    write: UpstreamWrite<T>,
    call: Call,
    doubtedBefore: boolean,
    onSend: () => void,
  ): Promise<Written<T>> => {
    let doubted = doubtedBefore;
    for (let attempt = 1; ; attempt++) {
      try {
        const value = await limit(call, () => {
          if (call.cancellation.reason) throw call.cancellation.reason;
          onSend();
          return send(write, call);
        });
        return { value, doubted };
      } catch (error) {
        // An error of the token call says nothing of the write, which was not sent with it.
        const own =
          error instanceof UpstreamError && error.route === write.endpoint.route ? error : undefined;
        // The upstream keeps a refusal for its key, so no earlier attempt with the key can have been accepted.
        if (own instanceof UpstreamRejected) throw own;
        doubted ||= mayHaveHappened(own);
        const wait = waitBeforeRetry(error, write, attempt);
        // Nobody waits longer for permission than for an answer.
        if (wait === undefined || wait > Math.max(timeoutMs, LONGEST_PAUSE_MS)) {
          if (doubted) throw new OutcomeUnknown(`${write.endpoint.route}: no answer`, { cause: error });
          throw error;
        }
        observer.callRetried(write.endpoint.route, attempt);
        await pause(wait, call.cancellation);
      }
    }
  };
}

function mayHaveHappened(error: UpstreamError | undefined): boolean {
  if (error instanceof UpstreamUnavailable) return error.sent;
  // A success that cannot be read, or an answer too large to be one.
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
  if (error instanceof UpstreamUnavailable || error instanceof UpstreamRateLimited)
    return Math.max(error.retryAfterMs ?? 0, backoffMs(attempt));
  // Whether a key that is just being worked on is a conflict too is not documented: then it is none a moment later.
  if (error instanceof UpstreamConflict && method === 'POST') return backoffMs(attempt);
  return undefined;
}
