import type { TenantKey } from '../keys/tenant-key.ts';

export interface CachedAnswer {
  readonly value: unknown;
  /** The generation of its tenant when the answer was asked for. */
  readonly generation: number;
  /** When it was read, in the time of `performance.now()`. */
  readonly readAt: number;
  /** Until when it is returned without a question to the upstream. */
  readonly freshUntil: number;
  /** Called when it is dropped to make room. */
  readonly onDropped?: () => void;
}

/** What one tenant has invalidated. Each invalidation begins a new generation. */
export interface Invalidations {
  generation: number;
  /** How often something was changed, invalidated or dropped: until it moves, kept answers are what they were. */
  version: number;
  /** The generation that the last invalidation of a path prefix began. */
  readonly byPrefix: Map<string, number>;
}

/**
 * Keeps answers for all tenants together, so that its bound holds for the process. Each cache key begins with the key of
 * its tenant.
 */
export interface AnswerCache {
  get(cacheKey: string): CachedAnswer | undefined;
  /** Keeps an answer for `ttlMs`, stale time included. */
  set(cacheKey: string, answer: CachedAnswer, ttlMs: number): void;
  delete(cacheKey: string): void;
  /** Kept beside the answers and not by the client, which may be created anew while they are still cached. */
  invalidationsOf(tenant: TenantKey): Invalidations | undefined;
  keepInvalidations(tenant: TenantKey, invalidations: Invalidations): void;
  /** Frees the memory of expired answers. */
  purgeExpired(): void;
  readonly size: number;
  /** About what the cached answers take in memory. */
  readonly bytes: number;
}
