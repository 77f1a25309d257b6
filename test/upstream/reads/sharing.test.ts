import { describe, expect, it } from 'vitest';
import { noObserver } from '../../../src/telemetry/observer.ts';
import { CallTracker } from '../../../src/upstream/call-tracker.ts';
import type { Call, Endpoint, UpstreamRead } from '../../../src/upstream/endpoint.ts';
import type { TenantKey } from '../../../src/upstream/keys/tenant-key.ts';
import { createMemoryAnswerCache } from '../../../src/upstream/reads/memory-answer-cache.ts';
import { withCache } from '../../../src/upstream/reads/with-cache.ts';
import { withSingleFlight } from '../../../src/upstream/reads/with-single-flight.ts';

const TENANT = 't' as TenantKey;
const endpoint: Endpoint<string | null> = { route: 'GET /x', maxBytes: 1, ttlMs: 1_000, read: () => '' };
const read = (path: string): UpstreamRead<string | null> => ({
  endpoint,
  path,
  merchantSerialNumber: undefined,
});

/** A send whose answers are given by hand. */
function setUp() {
  const calls: { call: Call; resolve: (value: unknown) => void; reject: (error: Error) => void }[] = [];
  const send = <T>(_request: unknown, call: Call) =>
    new Promise<T>((resolve, reject) => {
      calls.push({ call, resolve: resolve as (value: unknown) => void, reject });
      call.cancellation.subscribe(reject);
    });
  return { calls, ...withSingleFlight(TENANT, send) };
}

describe('a call under way', () => {
  it('is shared by all who ask for the same', async () => {
    const { calls, fetch } = setUp();
    const trackers = [new CallTracker('a'), new CallTracker('b')];
    const answers = trackers.map((tracker) => fetch(read('/x'), tracker));
    calls[0]?.resolve('one');
    expect(await Promise.all(answers)).toEqual(['one', 'one']);
    expect(calls).toHaveLength(1);
    expect(trackers.map(({ cached }) => cached)).toEqual([0, 1]);
  });

  it('goes on for the others when the one who started it leaves', async () => {
    const { calls, fetch } = setUp();
    const [first, second] = [new CallTracker('a'), new CallTracker('b')];
    const left = fetch(read('/x'), first);
    const stayed = fetch(read('/x'), second);
    first.cancel(new Error('left'));
    await expect(left).rejects.toThrow('left');
    expect(calls[0]?.call.cancellation.reason).toBeUndefined();
    calls[0]?.resolve('one');
    expect(await stayed).toBe('one');
  });

  it('is cancelled when the last one leaves, and a later one starts anew', async () => {
    const { calls, fetch } = setUp();
    const trackers = [new CallTracker('a'), new CallTracker('b')];
    const answers = trackers.map((tracker) => fetch(read('/x'), tracker));
    for (const tracker of trackers) tracker.cancel(new Error('left'));
    expect((await Promise.allSettled(answers)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(calls[0]?.call.cancellation.reason?.message).toBe('left');
    const later = fetch(read('/x'), new CallTracker('c'));
    calls[1]?.resolve('two');
    expect(await later).toBe('two');
  });

  it('shares its failure with its wave only', async () => {
    const { calls, fetch } = setUp();
    const wave = [fetch(read('/x'), new CallTracker('a')), fetch(read('/x'), new CallTracker('b'))];
    calls[0]?.reject(new Error('down'));
    await Promise.allSettled(wave);
    const later = fetch(read('/x'), new CallTracker('c'));
    calls[1]?.resolve('up');
    expect(await later).toBe('up');
  });

  it('is not started for an operation that has ended', async () => {
    const { calls, fetch } = setUp();
    const tracker = new CallTracker('a');
    tracker.cancel(new Error('over'));
    await expect(fetch(read('/x'), tracker)).rejects.toThrow('over');
    expect(calls).toHaveLength(0);
  });
});

describe('the cache', () => {
  const clock = { now: 1_000 };
  const setUpCache = (values: (string | null | Error)[], maxBytes = 1_000_000) => {
    clock.now = 1_000;
    let calls = 0;
    const { fetch, known, invalidate } = withCache(
      TENANT,
      {
        known: () => undefined,
        version: () => 0,
        fetch: async () => {
          const value = values[calls++];
          if (value instanceof Error) throw value;
          return value as never;
        },
        invalidate: () => {},
      },
      {
        cache: createMemoryAnswerCache({ maxBytes, now: () => clock.now }),
        observer: noObserver,
        maxStaleMs: 0,
        now: () => clock.now,
        random: () => 0,
      },
    );
    return {
      get: (path = '/x') => fetch(read(path), new CallTracker('a')),
      known: (tracker: CallTracker) => known(read('/x'), tracker),
      calls: () => calls,
      invalidate,
    };
  };

  it('returns a fresh answer without a promise, and counts it', async () => {
    const { get, known, calls } = setUpCache(['one', 'two']);
    const tracker = new CallTracker('a');
    expect(known(tracker)).toBeUndefined();
    await get();
    expect(known(tracker)).toBe('one');
    expect(tracker.cached).toBe(1);
    expect(calls()).toBe(1);
  });

  it('returns «not found» without a promise', async () => {
    const { get, known } = setUpCache([null]);
    await get();
    expect(known(new CallTracker('a'))).toBeNull();
  });

  it('knows no answer from before an invalidation', async () => {
    const { get, known, invalidate } = setUpCache(['one']);
    await get();
    invalidate('/x');
    expect(known(new CallTracker('a'))).toBeUndefined();
  });

  it('repeats an answer for as long as its endpoint allows', async () => {
    const { get, calls } = setUpCache(['one', 'two']);
    await get();
    clock.now += 999;
    expect(await get()).toBe('one');
    expect(calls()).toBe(1);
  });

  it('keeps what is absent for a tenth of that', async () => {
    const { get } = setUpCache([null, 'there']);
    expect(await get()).toBeNull();
    clock.now += 99;
    expect(await get()).toBeNull();
    clock.now += 2;
    expect(await get()).toBe('there');
  });

  it('keeps no failure', async () => {
    const { get } = setUpCache([new Error('down'), 'up']);
    await expect(get()).rejects.toThrow('down');
    expect(await get()).toBe('up');
  });

  it('forgets the oldest when it is full', async () => {
    const { get, calls } = setUpCache(
      Array.from({ length: 10 }, (_, index) => `${index}`),
      4_000,
    );
    for (const path of ['/a', '/b', '/c', '/d', '/a']) await get(path);
    expect(calls()).toBe(5);
  });

  it('stays forgotten when the tenant is made anew over the same cache', async () => {
    const cache = createMemoryAnswerCache({ maxBytes: 1_000_000 });
    const values = ['before', 'after', 'later'];
    let calls = 0;
    const make = () =>
      withCache(
        TENANT,
        {
          known: () => undefined,
          version: () => 0,
          fetch: async () => values[calls++] as never,
          invalidate: () => {},
        },
        { cache, observer: noObserver, maxStaleMs: 0 },
      );
    const first = make();
    await first.fetch(read('/x/list'), new CallTracker('a'));
    first.invalidate('/x');
    const second = make();
    expect(await second.fetch(read('/x/list'), new CallTracker('a'))).toBe('after');
    expect(await second.fetch(read('/x/list'), new CallTracker('a'))).toBe('after');
    // A write of the one before lands late.
    first.invalidate('/x');
    expect(await second.fetch(read('/x/list'), new CallTracker('a'))).toBe('later');
  });
});
