import { LRUCache } from 'lru-cache';
import { networkOf } from '../../config/network/ip-address.ts';
import { MinutePoints } from '../limits/minute-points.ts';

/** What another process must know: failures of a network, or whether the upstream has accepted the keys of an owner. */
export type FailureEvent =
  | { readonly network: string; readonly failures: number }
  | { readonly owner: string; readonly isVerified: boolean };

const MAX_VERIFIED = 10_000;
const VERIFIED_FOR_MS = 60 * 60_000;

/** Limits how often the callers of one address may fail to authenticate. */
export interface AuthFailureLimit {
  /** Returns how long this address must wait; undefined if it need not. */
  waitMs(address: string): number | undefined;
  /** Counts a failure. Returns how long to wait if it exceeds the limit, so that concurrent attempts are limited too. */
  recordFailure(address: string): number | undefined;
  /** Removes a failure that was counted before the result was known. */
  undoFailure(address: string): void;
  /** Records that the upstream accepted the keys of this owner. */
  markVerified(owner: string): void;
  /** Records that the upstream refused the keys of this owner. */
  forgetVerified(owner: string): void;
  isVerified(owner: string): boolean;
  /** Counts what another process has seen. */
  apply(event: FailureEvent): void;
}

/**
 * After `failuresPerMinute` failures, an address must wait. 0 means no limit. Behind a proxy that is not in
 * `TRUSTED_PROXIES`, all callers have one address, so the limit must not affect valid credentials: gateway keys and signed
 * tokens are verified here and are too long to guess, and callers with their own keys pass if the upstream has accepted
 * the keys within the last hour. `onEvent` is called with what other processes must know.
 */
export function createAuthFailureLimit(
  failuresPerMinute: number,
  onEvent: (event: FailureEvent) => void = () => {},
): AuthFailureLimit {
  const failures = new MinutePoints();
  const verified = new LRUCache<string, true>({ max: MAX_VERIFIED, ttl: VERIFIED_FOR_MS });
  const isOff = failuresPerMinute === 0;
  const add = (network: string, count: number) => {
    const sum = failures.add(network, count);
    // Beyond the limit, the others know enough.
    if (sum <= failuresPerMinute + 1) onEvent({ network, failures: count });
    return sum;
  };
  const setVerified = (owner: string, isVerified: boolean) => {
    if (!isVerified) verified.delete(owner);
    else if (!isOff) verified.set(owner, true);
  };
  return {
    waitMs(address) {
      const network = networkOf(address);
      if (isOff || failures.of(network) < failuresPerMinute) return undefined;
      return Math.ceil(failures.msLeft(network)) || undefined;
    },
    recordFailure(address) {
      if (isOff) return undefined;
      const network = networkOf(address);
      return add(network, 1) > failuresPerMinute ? Math.ceil(failures.msLeft(network)) : undefined;
    },
    undoFailure(address) {
      if (!isOff) add(networkOf(address), -1);
    },
    markVerified(owner) {
      setVerified(owner, true);
      onEvent({ owner, isVerified: true });
    },
    forgetVerified(owner) {
      setVerified(owner, false);
      onEvent({ owner, isVerified: false });
    },
    isVerified: (owner) => verified.has(owner),
    apply(event) {
      if ('owner' in event) setVerified(event.owner, event.isVerified);
      else if (!isOff) failures.add(event.network, event.failures);
    },
  };
}
