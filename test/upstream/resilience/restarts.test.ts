import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { noObserver } from '../../../src/telemetry/observer.ts';
import { CallTracker } from '../../../src/upstream/call-tracker.ts';
import { Cancellation } from '../../../src/upstream/cancellation.ts';
import type { Endpoint, Send } from '../../../src/upstream/endpoint.ts';
import { CircuitOpen, UpstreamUnavailable } from '../../../src/upstream/errors.ts';
import { createBreakers } from '../../../src/upstream/resilience/breakers.ts';
import { createLimit } from '../../../src/upstream/resilience/limit.ts';
import { createRestarts } from '../../../src/upstream/resilience/restarts.ts';
import { withRetry } from '../../../src/upstream/resilience/with-retry.ts';
import { createSendWrite } from '../../../src/upstream/writes/send-write.ts';

const route = 'GET /x';
const endpoint: Endpoint<string> = { route, maxBytes: 1, ttlMs: 1, read: () => '' };
const read = { endpoint, path: '/x', merchantSerialNumber: undefined };
const call = () => ({ tracker: new CallTracker('test'), cancellation: new Cancellation() });
const unreachable = (sent: boolean) =>
  new UpstreamUnavailable('the connection failed', { route, reason: 'network', sent });

/** An upstream that is down until `up()` is called, behind the layers of a client that have no retries left to spend. */
function setUp({ sent = false } = {}) {
  let isUp = false;
  let calls = 0;
  const answer = async () => {
    calls++;
    if (!isUp) throw unreachable(sent);
    return 'answer';
  };
  const restarts = createRestarts();
  const send = restarts.watch(answer as Send);
  const budget = { deposit() {}, withdraw: () => false };
  const breakers = createBreakers(restarts, noObserver);
  const { isOpen } = breakers;
  const reads = withRetry(breakers.watch(send), { isOpen, budget, restarts, observer: noObserver });
  const limit = createLimit({ concurrency: 10, maxQueued: 10 });
  const sendWrite = createSendWrite({ send, limit, restarts, timeoutMs: 2_000, observer: noObserver });
  return {
    up: () => {
      isUp = true;
    },
    get calls() {
      return calls;
    },
    read: () => reads(read, call()).catch((error: unknown) => error),
    order: () =>
      sendWrite({ ...read, method: 'POST' }, call(), false, () => {}).catch((error: unknown) => error),
  };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it.each([500, 1_900])('a restart of %i ms fails no read and no order', async (downMs) => {
  const upstream = setUp();
  const answers = [
    ...Array.from({ length: 50 }, upstream.read),
    ...Array.from({ length: 5 }, upstream.order),
  ];
  await vi.advanceTimersByTimeAsync(downMs);
  upstream.up();
  await vi.advanceTimersByTimeAsync(2_000);
  const expected = [
    ...Array(50).fill('answer'),
    ...Array(5).fill({ value: 'answer', mayHaveSucceeded: false }),
  ];
  expect(await Promise.all(answers)).toEqual(expected);
});

it('an outage fails reads after two seconds, and opens the circuit breaker', async () => {
  const upstream = setUp();
  const waiting = Array.from({ length: 50 }, upstream.read);
  await vi.advanceTimersByTimeAsync(3_100);
  for (const error of await Promise.all(waiting))
    expect(error instanceof UpstreamUnavailable || error instanceof CircuitOpen).toBe(true);
  const { calls } = upstream;
  expect(await upstream.read()).toBeInstanceOf(CircuitOpen);
  expect(upstream.calls).toBe(calls);
});

it('a second restart is waited for like the first', async () => {
  const upstream = setUp();
  upstream.read();
  // Nobody asks for an hour, so that nothing tells when the upstream was back.
  await vi.advanceTimersByTimeAsync(3_600_000);
  const answer = upstream.read();
  await vi.advanceTimersByTimeAsync(500);
  upstream.up();
  await vi.advanceTimersByTimeAsync(2_000);
  expect(await answer).toBe('answer');
});

it('a call that may have been sent is not repeated without a budget', async () => {
  const upstream = setUp({ sent: true });
  expect(await upstream.read()).toBeInstanceOf(UpstreamUnavailable);
  expect(upstream.calls).toBe(1);
});
