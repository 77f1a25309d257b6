import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { noObserver } from '../../../src/telemetry/observer.ts';
import { CallTracker } from '../../../src/upstream/call-tracker.ts';
import { Cancellation } from '../../../src/upstream/cancellation.ts';
import type { Endpoint, Send } from '../../../src/upstream/endpoint.ts';
import { UpstreamUnavailable } from '../../../src/upstream/errors.ts';
import { createBreakers } from '../../../src/upstream/resilience/breakers.ts';
import { createRestarts } from '../../../src/upstream/resilience/restarts.ts';
import { withRetry } from '../../../src/upstream/resilience/with-retry.ts';

const route = 'GET /x';
const endpoint: Endpoint<string> = { route, maxBytes: 1, ttlMs: 1, read: () => '' };
const down = new UpstreamUnavailable('answered 503', { route, reason: 'status', status: 503 });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('a probe that fails is not repeated, and its caller does not wait', async () => {
  let calls = 0;
  const restarts = createRestarts();
  const breakers = createBreakers(restarts, noObserver);
  const fails: Send = async () => {
    calls++;
    throw down;
  };
  const send = withRetry(breakers.watch(fails), {
    budget: { deposit() {}, withdraw: () => true },
    restarts,
    isOpen: breakers.isOpen,
    observer: noObserver,
  });
  const read = () =>
    send(
      { endpoint, path: '/x', merchantSerialNumber: undefined },
      { tracker: new CallTracker('test'), cancellation: new Cancellation() },
    ).catch((error: unknown) => error);
  const opening = Array.from({ length: 20 }, read);
  await vi.advanceTimersByTimeAsync(1_000);
  await Promise.all(opening);
  expect(breakers.isOpen(route)).toBe(true);
  await vi.advanceTimersByTimeAsync(5_000);
  calls = 0;
  expect(await read()).toBe(down);
  expect(calls).toBe(1);
});
