import type { Send } from '../endpoint.ts';
import { UpstreamError, UpstreamUnavailable } from '../errors.ts';

/** Distinguishes a restart of the upstream from an outage, by how long no connection could be opened. */
export interface Restarts {
  /** Wraps calls, since each one shows whether the upstream can be reached. */
  watch(send: Send): Send;
  /** Whether a call failed because no connection could be opened, and the upstream may be restarting. Nothing was sent. */
  isRestart(error: unknown): boolean;
}

/** How long a restart may take. What lasts longer is an outage. */
const RESTART_MS = 2_000;
/** Failures further apart than this belong to different restarts. */
const APART_MS = 10_000;

/** One per client. `now` is a monotonic clock in milliseconds. */
export function createRestarts(now: () => number = () => performance.now()): Restarts {
  let downSince: number | undefined;
  let lastFailure = 0;
  const noteFailure = () => {
    if (downSince === undefined || now() - lastFailure > APART_MS) downSince = now();
    lastFailure = now();
  };
  return {
    watch: (send) => async (request, call) => {
      try {
        const value = await send(request, call);
        downSince = undefined;
        return value;
      } catch (error) {
        if (isUnreachable(error)) noteFailure();
        else if (error instanceof UpstreamError && error.status !== undefined) downSince = undefined;
        throw error;
      }
    },
    isRestart: (error) => isUnreachable(error) && downSince !== undefined && now() - downSince < RESTART_MS,
  };
}

const isUnreachable = (error: unknown) =>
  error instanceof UpstreamUnavailable && error.reason === 'network' && !error.sent;
