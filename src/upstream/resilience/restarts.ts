import type { Send } from '../endpoint.ts';
import { UpstreamError, UpstreamUnavailable } from '../errors.ts';

/** Tells a restart of the upstream from an outage, by how long no connection has come about. */
export interface Restarts {
  /** Wraps calls, since each of them shows whether the upstream can be reached. */
  watch(send: Send): Send;
  /** Whether a call failed only because the upstream may be restarting. Nothing of the call was sent. */
  isRestart(error: unknown): boolean;
}

/** A load balancer or a container takes about this long to come back. */
const RESTART_MS = 2_000;
/** Failures that are farther apart belong to different restarts. */
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
