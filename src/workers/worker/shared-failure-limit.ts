import { LRUCache } from 'lru-cache';
import { networkOf } from '../../config/network/ip-address.ts';
import { type AuthFailureLimit, createVerifiedOwners } from '../../server/auth/auth-failure-limit.ts';
import type { Channel } from '../channel.ts';

const MOST_NETWORKS = 10_000;
/** After a refusal, the primary is not asked again for so long: an address that floods must not cost it anything. */
const REFUSED_MS = 1_000;

/** The failures of addresses over all workers, which the primary counts. Each worker knows who is verified. */
export function createSharedFailureLimit(channel: Channel, failuresPerMinute: number): AuthFailureLimit {
  /** Until when networks must wait, in the time of `performance.now()`. */
  const waits = new LRUCache<string, number>({ max: MOST_NETWORKS, ttl: REFUSED_MS });
  const verified = createVerifiedOwners();
  const isOff = failuresPerMinute === 0;
  const setVerified = (owner: string, isVerified: boolean) => {
    if (!isVerified) verified.delete(owner);
    else if (!isOff) verified.set(owner, true);
  };
  channel.on('verified', ({ owner, isVerified }) => setVerified(owner, isVerified));
  return {
    waitMs(address) {
      const until = waits.get(networkOf(address));
      return until === undefined ? undefined : Math.ceil(until - performance.now()) || undefined;
    },
    async recordFailure(address) {
      if (isOff) return undefined;
      const network = networkOf(address);
      const { failures, msLeft } = await channel.request('authFailure', network);
      if (failures <= failuresPerMinute) return undefined;
      waits.set(network, performance.now() + msLeft);
      return Math.ceil(msLeft);
    },
    undoFailure(address) {
      if (!isOff) channel.notify('authFailureUndone', networkOf(address));
    },
    markVerified(owner) {
      setVerified(owner, true);
      channel.notify('verified', { owner, isVerified: true });
    },
    forgetVerified(owner) {
      setVerified(owner, false);
      channel.notify('verified', { owner, isVerified: false });
    },
    isVerified: (owner) => verified.has(owner),
  };
}
