import type { Answer } from '../answers/answer.ts';
import type { Policy } from '../policy/policy.ts';
import type { Caller } from '../world/caller.ts';
import type { Clock } from '../world/clock.ts';

/** Counts the calls of each caller against the limit of the policy. */
export interface RateLimit {
  /** Counts one call; the headers of its refusal when it is one too many. */
  refuse(caller: Caller): Answer['headers'];
  forget(): void;
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
    forget: () => windows.clear(),
  };
}

// Rounded up: whoever waits as long as it says gets in.
function retryAfter({ retryAfter: form }: Policy, now: number, endsAt: number): Record<string, string> {
  if (form === 'none') return {};
  const text =
    form === 'seconds'
      ? String(Math.ceil((endsAt - now) / 1000))
      : new Date(Math.ceil(endsAt / 1000) * 1000).toUTCString();
  return { 'retry-after': text };
}
