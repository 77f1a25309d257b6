import type { Answer } from '../answers/answer.ts';
import type { Policy } from '../policy/policy.ts';
import type { Caller } from '../world/caller.ts';
import type { Clock } from '../world/clock.ts';

/** Counts the calls of each caller against the limit of the policy. */
export interface RateLimit {
  /** Counts one call. Returns the headers of the 429 when the limit is exceeded. */
  refuse(caller: Caller): Answer['headers'];
  reset(): void;
}

const MINUTE_MS = 60_000;

export function createRateLimit(policy: Policy, clock: Clock): RateLimit {
  const windows = new Map<Caller, { endsAt: number; calls: number }>();
  return {
    refuse(caller) {
      const limit = policy.rateLimitPerMinute;
      if (limit === 0) return undefined;
      const now = clock.now();
      let window = windows.get(caller);
      if (!window || now >= window.endsAt) {
        window = { endsAt: now + MINUTE_MS, calls: 0 };
        windows.set(caller, window);
      }
      window.calls++;
      return window.calls > limit ? retryAfter(policy, now, window.endsAt) : undefined;
    },
    reset: () => windows.clear(),
  };
}

// Rounded up, so that a caller who waits that long is not refused again.
function retryAfter({ retryAfter: form }: Policy, now: number, endsAt: number): Record<string, string> {
  if (form === 'none') return {};
  const text =
    form === 'seconds'
      ? String(Math.ceil((endsAt - now) / 1000))
      : new Date(Math.ceil(endsAt / 1000) * 1000).toUTCString();
  return { 'retry-after': text };
}
