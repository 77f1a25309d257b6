import { afterEach, describe, expect, it, vi } from 'vitest';
import { CallTracker, type CallTrackerOptions } from '../../../src/upstream/call-tracker.ts';
import { Cancellation } from '../../../src/upstream/cancellation.ts';
import type { Endpoint } from '../../../src/upstream/endpoint.ts';
import { DeadlineExceeded, UpstreamRateLimited, UpstreamUnavailable } from '../../../src/upstream/errors.ts';
import { createAdaptiveConcurrency } from '../../../src/upstream/resilience/adaptive-concurrency.ts';
import { createLimit } from '../../../src/upstream/resilience/limit.ts';

const route = 'GET /x';
const endpoint: Endpoint<string> = { route, maxBytes: 1, ttlMs: 1, read: () => '' };
const read = { endpoint, path: '/x', merchantSerialNumber: undefined };
const write = { ...read, method: 'POST' } as const;

/** A limit whose calls end when `finish` is called, in the order in which they started. */
function setUp(concurrency: number) {
  const started: string[] = [];
  const finishers: ((error?: Error) => void)[] = [];
  const limit = createLimit({ concurrency, maxQueued: 100 });
  const ask = (
    name: string,
    options: CallTrackerOptions = {},
    request: typeof read | typeof write = read,
  ) => {
    const call = { tracker: new CallTracker(name, options), cancellation: new Cancellation() };
    const work = () =>
      new Promise<string>((resolve, reject) => {
        started.push(name);
        finishers.push((error) => (error ? reject(error) : resolve(name)));
      });
    const answer = limit(request, call, work);
    answer.catch(() => {});
    return answer;
  };
  const finish = async (error?: Error) => {
    finishers.shift()?.(error);
    await vi.advanceTimersByTimeAsync(0);
  };
  return { started, finish, ask };
}

describe('the order of waiting calls', () => {
  afterEach(() => void vi.useRealTimers());

  it('is writes, then reads of callers, then background work', async () => {
    vi.useFakeTimers();
    const { started, finish, ask } = setUp(1);
    ask('first');
    ask('background', { priority: 'background' });
    ask('read');
    ask('write', {}, write);
    for (let call = 0; call < 4; call++) await finish();
    expect(started).toEqual(['first', 'write', 'read', 'background']);
  });

  it('leaves half of the places to callers, so that background work delays none', async () => {
    vi.useFakeTimers();
    const { started, ask } = setUp(4);
    for (let call = 0; call < 10; call++) ask(`background ${call}`, { priority: 'background' });
    expect(started).toEqual(['background 0', 'background 1']);
    ask('read');
    ask('read again');
    await vi.advanceTimersByTimeAsync(0);
    expect(started).toEqual(['background 0', 'background 1', 'read', 'read again']);
  });
});

describe('after a 429', () => {
  afterEach(() => void vi.useRealTimers());
  const rateLimited = (retryAfterMs: number) => new UpstreamRateLimited('429', { route, retryAfterMs });

  it('holds every call of the client back for as long as the upstream asked', async () => {
    vi.useFakeTimers();
    const { started, finish, ask } = setUp(4);
    ask('first');
    await finish(rateLimited(2_000));
    ask('second');
    await vi.advanceTimersByTimeAsync(1_990);
    expect(started).toEqual(['first']);
    await vi.advanceTimersByTimeAsync(20);
    expect(started).toEqual(['first', 'second']);
  });

  it('fails calls at once whose deadline comes first, those in the queue too', async () => {
    vi.useFakeTimers();
    const { started, finish, ask } = setUp(1);
    ask('first');
    const deadline = performance.now() + 5_000;
    const waiting = ask('waiting', { deadline });
    await finish(rateLimited(60_000));
    await expect(waiting).rejects.toBeInstanceOf(UpstreamRateLimited);
    await vi.advanceTimersByTimeAsync(1_000);
    await expect(ask('later', { deadline })).rejects.toMatchObject({ retryAfterMs: 59_000 });
    expect(started).toEqual(['first']);
  });
});

describe('a call that cannot be answered in time', () => {
  afterEach(() => void vi.useRealTimers());

  it('is not sent', async () => {
    vi.useFakeTimers();
    const { started, finish, ask } = setUp(1);
    for (let call = 0; call < 20; call++) {
      ask('slow');
      await vi.advanceTimersByTimeAsync(1_000);
      await finish();
    }
    const late = ask('late', { deadline: performance.now() + 100 });
    await expect(late).rejects.toBeInstanceOf(DeadlineExceeded);
    expect(started).not.toContain('late');
  });
});

describe('the limit on calls under way', () => {
  const clock = { now: 0 };
  const create = () => createAdaptiveConcurrency(64, () => clock.now);

  it('is halved once for one wave of refusals, and grows by one for each full round of answers', () => {
    clock.now = 0;
    const concurrency = create();
    for (let call = 0; call < 64; call++) concurrency.refused(0);
    expect(concurrency.current).toBe(32);
    clock.now = 100;
    for (let call = 0; call < 33; call++) concurrency.answered(route, 100, 32);
    expect(concurrency.current).toBe(33);
    concurrency.refused(50);
    expect(concurrency.current).toBe(16);
  });

  it('does not grow through answers when fewer calls are under way than it allows', () => {
    clock.now = 0;
    const concurrency = create();
    concurrency.refused(0);
    for (let call = 0; call < 1_000; call++) concurrency.answered(route, 0, 3);
    expect(concurrency.current).toBe(32);
  });

  it('falls when answers become slow, and recovers when they are fast again', () => {
    clock.now = 0;
    const concurrency = create();
    const answer = (ms: number) => {
      const sentAt = clock.now;
      clock.now += ms;
      concurrency.answered(route, sentAt, 64);
    };
    for (let call = 0; call < 100; call++) answer(20);
    expect(concurrency.current).toBe(64);
    for (let call = 0; call < 30; call++) answer(200);
    expect(concurrency.current).toBeLessThan(40);
    for (let call = 0; call < 3_000; call++) answer(20);
    expect(concurrency.current).toBe(64);
  });

  it('never falls below one', () => {
    clock.now = 0;
    const concurrency = create();
    for (let wave = 0; wave < 100; wave++) concurrency.refused(clock.now++);
    expect(concurrency.current).toBe(1);
  });
});

it('keeps the limit after a 503, which may be one of a few in a hundred', async () => {
  vi.useFakeTimers();
  const { started, finish, ask } = setUp(2);
  ask('a');
  ask('b');
  await finish(new UpstreamUnavailable('503', { route, reason: 'status', status: 503 }));
  ask('c');
  expect(started).toEqual(['a', 'b', 'c']);
  vi.useRealTimers();
});
