import { expect, it } from 'vitest';
import { noObserver } from '../../src/telemetry/observer.ts';
import { CallTracker } from '../../src/upstream/call-tracker.ts';
import type { UpstreamRead } from '../../src/upstream/endpoint.ts';
import type { TenantKey } from '../../src/upstream/keys/tenant-key.ts';
import { createReplica } from '../../src/workers/worker/replica.ts';

const key = 'tenant' as TenantKey;
const path = '/management/v2/product-orders';
const read = { path, endpoint: { route: 'GET orders' } } as UpstreamRead<unknown>;
const tracker = () => new CallTracker('test');

/** A replica whose primary answers with these values, one after another. */
function setUp(freshMs = 10_000) {
  const replica = createReplica(1_000_000);
  let asked = 0;
  let release = () => {};
  const held: { gate: Promise<void> | undefined } = { gate: undefined };
  const reads = replica.reads(
    key,
    async () => {
      const value = { answer: ++asked };
      await held.gate;
      return { value, ageMs: 0, freshMs, textBytes: undefined };
    },
    noObserver,
  );
  const hold = () => {
    held.gate = new Promise((resolve) => {
      release = resolve;
    });
  };
  return { replica, reads, hold, letGo: () => release(), asked: () => asked };
}

it('answers from its copy while that is fresh', async () => {
  const { reads, asked } = setUp();
  const first = await reads.fetch(read, tracker());
  const later = tracker();
  expect(await reads.fetch(read, later)).toBe(first);
  expect([asked(), later.cached]).toEqual([1, 1]);
  expect(later.freshUntil).toBeGreaterThan(performance.now());
});

it.each([
  ['its path', { key, path, isPrefix: false }],
  ['a prefix', { key, path: '/management/v2', isPrefix: true }],
])('asks again, and moves its version, after %s was dropped', async (_what, dropped) => {
  const { replica, reads, asked } = setUp();
  await reads.fetch(read, tracker());
  const version = reads.version();
  replica.drop([{ ...dropped, key: 'other' as TenantKey }]);
  expect([reads.version(), reads.known(read, tracker())]).toEqual([version, { answer: 1 }]);
  replica.drop([dropped]);
  expect(reads.version()).not.toBe(version);
  expect(reads.known(read, tracker())).toBeUndefined();
  await reads.fetch(read, tracker());
  expect(asked()).toBe(2);
});

it.each([true, false])(
  'keeps no answer that was asked for before a drop; of a prefix: %s',
  async (isPrefix) => {
    const { replica, reads, hold, letGo } = setUp();
    hold();
    const waiting = reads.fetch(read, tracker());
    replica.drop([{ key, path, isPrefix }]);
    letGo();
    expect(await waiting).toEqual({ answer: 1 });
    expect(reads.known(read, tracker())).toBeUndefined();
  },
);

it('keeps nothing that is stale, and uses nothing older than the caller accepts', async () => {
  const { reads } = setUp(-1);
  await reads.fetch(read, tracker());
  expect(reads.known(read, tracker())).toBeUndefined();
  const { reads: fresh } = setUp();
  await fresh.fetch(read, tracker());
  const strict = new CallTracker('test', { freshness: { maxAgeMs: 0 } });
  await new Promise((resolve) => setTimeout(resolve, 2));
  expect(fresh.known(read, strict)).toBeUndefined();
});
