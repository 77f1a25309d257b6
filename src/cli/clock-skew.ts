import type { Http } from '../upstream/http/http.ts';

/** How far this machine's clock is ahead of the upstream's. Undefined until an answer with a `Date` arrived. */
export interface ClockSkew {
  ms: number | undefined;
}

/**
 * Wraps `exchange` to measure the skew. `Date` has whole seconds, hence half a second of correction, and is compared
 * with the middle of the round trip.
 */
export function measureSkew(http: Http, skew: ClockSkew): Http['exchange'] {
  return async (request, cancellation) => {
    const sentAt = Date.now();
    const answer = await http.exchange(request, cancellation);
    const date = Date.parse(String(answer.headers['date']));
    if (!Number.isNaN(date)) skew.ms = (sentAt + Date.now()) / 2 - (date + 500);
    return answer;
  };
}

/** Returns the skew in words. */
export function describeSkew({ ms }: ClockSkew): string {
  if (ms === undefined) return 'unknown: the upstream sends no Date';
  const seconds = Math.abs(Math.round(ms / 1000));
  if (seconds < 2) return 'in step with the upstream';
  return `${seconds} s ${ms > 0 ? 'ahead of' : 'behind'} the upstream: synchronise it with NTP`;
}
