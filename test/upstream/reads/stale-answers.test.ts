import { describe, expect, it } from 'vitest';
import { noObserver } from '../../../src/telemetry/observer.ts';
import { CallTracker } from '../../../src/upstream/call-tracker.ts';
import type { Endpoint } from '../../../src/upstream/endpoint.ts';
import {
  CircuitOpen,
  NotCached,
  UpstreamContractError,
  UpstreamRateLimited,
  UpstreamUnauthorized,
  UpstreamUnavailable,
} from '../../../src/upstream/errors.ts';
import type { TenantKey } from '../../../src/upstream/keys/tenant-key.ts';
import type { Freshness } from '../../../src/upstream/reads/freshness.ts';
import { createMemoryAnswerCache } from '../../../src/upstream/reads/memory-answer-cache.ts';
import { withCache } from '../../../src/upstream/reads/with-cache.ts';

const TTL_MS = 1_000;
const MAX_STALE_MS = 60_000;
const route = 'GET /x';
const endpoint: Endpoint<string | null> = { route, maxBytes: 1, ttlMs: TTL_MS, read: () => '' };
const down = new UpstreamUnavailable('answered 503', { route, reason: 'status', status: 503 });

/** A cache over an upstream that answers what it is told to, with a clock that stands still. */
function setUp(first: string | null = 'one') {
  const clock = { now: 1_000 };
  const upstream = { calls: 0, answer: first as string | null | Error };
  const trackers: CallTracker[] = [];
  const { fetch, invalidate } = withCache(
    't' as TenantKey,
    {
      known: () => undefined,
      version: () => 0,
      fetch: async (_read, tracker) => {
        // As the single flight does.
        if (tracker.freshness?.onlyIfCached) throw new NotCached('');
        upstream.calls++;
        trackers.push(tracker);
        if (upstream.answer instanceof Error) throw upstream.answer;
        return upstream.answer as never;
      },
      invalidate: () => {},
    },
    {
      cache: createMemoryAnswerCache({ maxBytes: 1_000_000, now: () => clock.now }),
      observer: noObserver,
      maxStaleMs: MAX_STALE_MS,
      now: () => clock.now,
      random: () => 0,
    },
  );
  const get = async (freshness?: Freshness, tracker = new CallTracker('a', { freshness })) => {
    const value = await fetch({ endpoint, path: '/x', merchantSerialNumber: undefined }, tracker);
    await new Promise(setImmediate);
    return value;
  };
  return { clock, upstream, trackers, get, invalidate };
}

describe('an answer that is no longer fresh', () => {
  it('is returned at once for as long again, and read again once in the background', async () => {
    const { clock, upstream, trackers, get } = setUp();
    await get();
    upstream.answer = 'two';
    clock.now += TTL_MS + 1;
    expect(await get()).toBe('one');
    expect(upstream.calls).toBe(2);
    expect(trackers[1]?.priority).toBe('background');
    expect(await get()).toBe('two');
    expect(upstream.calls).toBe(2);
  });

  it('is read before the response after that', async () => {
    const { clock, upstream, get } = setUp();
    await get();
    upstream.answer = 'two';
    clock.now += 2 * TTL_MS + 1;
    expect(await get()).toBe('two');
  });

  it.each([
    ['is unavailable', down],
    ['is rate limiting', new UpstreamRateLimited('429', { route, retryAfterMs: 1 })],
    ['is not asked', new CircuitOpen(route, 1)],
  ])('stands in while the upstream %s', async (_what, error) => {
    const { clock, upstream, get } = setUp();
    await get();
    upstream.answer = error;
    clock.now += MAX_STALE_MS;
    expect(await get()).toBe('one');
    clock.now += TTL_MS + 1;
    await expect(get()).rejects.toBe(error);
  });

  it.each([
    ['refused keys', new UpstreamUnauthorized('401', { route, status: 401 })],
    ['missing rights', new UpstreamUnauthorized('403', { route, status: 403 })],
  ])('does not come back after %s', async (_what, refusal) => {
    const { clock, upstream, get } = setUp();
    await get();
    clock.now += 3 * TTL_MS;
    upstream.answer = refusal;
    await expect(get()).rejects.toBe(refusal);
    upstream.answer = down;
    await expect(get()).rejects.toBe(down);
  });

  it('does not come back after a 404, also when a read in the background brought it', async () => {
    const { clock, upstream, get } = setUp();
    await get();
    clock.now += TTL_MS + 1;
    upstream.answer = null;
    expect(await get()).toBe('one');
    upstream.answer = down;
    expect(await get()).toBeNull();
    clock.now += TTL_MS;
    await expect(get()).rejects.toBe(down);
  });

  it('does not hide an answer that breaks the contract', async () => {
    const { clock, upstream, get } = setUp();
    await get();
    clock.now += 3 * TTL_MS;
    upstream.answer = new UpstreamContractError('no JSON', { route, status: 200 });
    await expect(get()).rejects.toBe(upstream.answer);
  });

  it('does not stand in for one that a write has invalidated', async () => {
    const { upstream, get, invalidate } = setUp();
    await get();
    invalidate('/x');
    upstream.answer = down;
    await expect(get()).rejects.toBe(down);
  });
});

describe('the caller', () => {
  it('sets the highest age with max-age, also while the upstream fails', async () => {
    const { clock, upstream, get } = setUp();
    await get();
    clock.now += 300;
    expect(await get({ maxAgeMs: 300 })).toBe('one');
    upstream.answer = 'two';
    expect(await get({ maxAgeMs: 299 })).toBe('two');
    clock.now += 10;
    upstream.answer = down;
    await expect(get({ maxAgeMs: 0 })).rejects.toBe(down);
  });

  it('accepts older answers with max-stale', async () => {
    const { clock, upstream, get } = setUp();
    await get();
    upstream.answer = 'two';
    clock.now += TTL_MS + 5_000;
    expect(await get({ maxStaleMs: 5_000 })).toBe('one');
    clock.now += MAX_STALE_MS / 2;
    upstream.answer = 'three';
    expect(await get({ maxStaleMs: Number.POSITIVE_INFINITY })).toBe('two');
  });

  it('asks for a new answer with max-age, and accepts an older one with max-stale while the upstream fails', async () => {
    const { clock, upstream, get } = setUp();
    await get();
    clock.now += 300;
    upstream.answer = down;
    expect(await get({ maxAgeMs: 0, maxStaleMs: 300 })).toBe('one');
    expect(upstream.calls).toBe(2);
    await expect(get({ maxAgeMs: 0, maxStaleMs: 299 })).rejects.toBe(down);
    upstream.answer = 'two';
    expect(await get({ maxAgeMs: 0, maxStaleMs: 300 })).toBe('two');
  });

  it('forbids calls with only-if-cached', async () => {
    const { clock, upstream, get } = setUp();
    await expect(get({ onlyIfCached: true })).rejects.toBeInstanceOf(NotCached);
    expect(upstream.calls).toBe(0);
    await get();
    expect(await get({ onlyIfCached: true })).toBe('one');
    clock.now += 3 * TTL_MS;
    await expect(get({ onlyIfCached: true })).rejects.toBeInstanceOf(NotCached);
    expect(upstream.calls).toBe(1);
  });

  it('learns when the oldest answer was read', async () => {
    const { clock, get } = setUp();
    await get();
    clock.now += 400;
    const tracker = new CallTracker('b');
    await get(undefined, tracker);
    expect(tracker.oldest).toBe(1_000);
  });
});

describe('until when an answer is fresh', () => {
  it('is told to the operation that read it, to those that find it, and to those that joined its call', async () => {
    const { clock, upstream, get } = setUp();
    // One text, as several waiters of a call get it.
    upstream.answer = 'shared';
    const [first, found, late] = [new CallTracker('a'), new CallTracker('b'), new CallTracker('c')];
    await get(undefined, first);
    expect(first.freshUntil).toBe(clock.now + TTL_MS);
    clock.now += 500;
    await get(undefined, found);
    expect(found.freshUntil).toBe(first.freshUntil);
    // What was kept of the same answer counts, not when this operation asked.
    await get({ maxAgeMs: 0 }, Object.assign(late, { freshness: { maxAgeMs: 0 } }));
    expect(late.freshUntil).toBe(first.freshUntil);
  });

  it('is not told of what changes at any time', () => {
    const tracker = new CallTracker('a');
    tracker.uses(1_000, 2_000);
    tracker.usesLive();
    tracker.uses(1_000, 3_000);
    expect(Number.isFinite(tracker.freshUntil)).toBe(false);
  });
});
