import type { Cancellation } from '../cancellation.ts';

const FIRST_PAUSE_MS = 50;
export const LONGEST_PAUSE_MS = 1_000;

/** Returns the pause after failed attempt number `attempt` (1 is the first), in milliseconds. Full jitter spreads the retries. */
export function backoffMs(attempt: number, random: () => number = Math.random): number {
  return random() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt);
}

/** Resolves after `ms`; rejects at once with the reason of the cancellation. */
export function pause(ms: number, cancellation: Cancellation): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      unsubscribe();
      resolve();
    }, ms);
    const unsubscribe = cancellation.subscribe((reason) => {
      clearTimeout(timer);
      reject(reason);
    });
  });
}
