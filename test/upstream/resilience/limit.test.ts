import { describe, expect, it } from 'vitest';
import { CallTracker } from '../../../src/upstream/call-tracker.ts';
import { Cancellation } from '../../../src/upstream/cancellation.ts';
import type { Endpoint } from '../../../src/upstream/endpoint.ts';
import { QueueFull } from '../../../src/upstream/errors.ts';
import type { TenantKey } from '../../../src/upstream/keys/tenant-key.ts';
import { withSingleFlight } from '../../../src/upstream/reads/with-single-flight.ts';
import { createLimit, withLimit } from '../../../src/upstream/resilience/limit.ts';

const TENANT = 't' as TenantKey;
const endpoint: Endpoint<string> = { route: 'GET /x', maxBytes: 1, ttlMs: 1, read: () => '' };
const other: Endpoint<string> = { ...endpoint, route: 'GET /other' };

/** A limited send that keeps every call until `finish` is called, in the order in which they started. */
function setUp(concurrency: number, maxQueued = 100) {
  const started: string[] = [];
  const finishers: (() => void)[] = [];
  const send = withLimit(
    <T>({ path }: { path: string }) =>
      new Promise<T>((resolve) => {
        started.push(path);
        finishers.push(() => resolve(path as T));
      }),
    createLimit({ concurrency, maxQueued }),
  );
  const finish = async () => {
    finishers.shift()?.();
    await new Promise(setImmediate);
  };
  const ask = (path: string, tracker: CallTracker, cancellation = new Cancellation(), at = endpoint) =>
    send({ endpoint: at, path, merchantSerialNumber: undefined }, { tracker, cancellation });
  return { started, finish, ask, send };
}

describe('the limit', () => {
  it('lets operations take turns, so that a look-up does not wait behind a page', async () => {
    const { started, finish, ask } = setUp(2);
    const [page, lookUp] = [new CallTracker('page'), new CallTracker('look-up')];
    for (let index = 0; index < 10; index++) ask(`page ${index}`, page);
    ask('look-up', lookUp);
    await finish();
    await finish();
    expect(started).toEqual(['page 0', 'page 1', 'page 2', 'look-up']);
  });

  it('never starts more than it may and starts all in the end', async () => {
    const { started, finish, ask } = setUp(3);
    const tracker = new CallTracker('a');
    const answers = Array.from({ length: 10 }, (_, index) => ask(`${index}`, tracker));
    for (let done = 0; done < 10; done++) {
      expect(started.length - done).toBeLessThanOrEqual(3);
      await finish();
    }
    expect(await Promise.all(answers)).toHaveLength(10);
  });

  it('lets a call that two operations wait for stand in both their lanes', async () => {
    const { started, finish, send } = setUp(1);
    const [page, lookUp] = [new CallTracker('page'), new CallTracker('look-up')];
    const { fetch } = withSingleFlight(TENANT, send);
    const ask = (path: string, tracker: CallTracker) =>
      fetch({ endpoint, path, merchantSerialNumber: undefined }, tracker);
    const answers = Array.from({ length: 10 }, (_, index) => ask(`page ${index}`, page));
    const joined = ask('page 9', lookUp);
    await finish();
    await finish();
    expect(started).toEqual(['page 0', 'page 1', 'page 9']);
    for (let index = 2; index < 10; index++) await finish();
    expect(await Promise.all(answers)).toHaveLength(10);
    expect(await joined).toBe('page 9');
    expect(started).toHaveLength(10);
  });

  it('keeps places for other routes from one that does not answer, even behind a full queue', async () => {
    const { started, finish, ask } = setUp(16, 10);
    const tracker = new CallTracker('a');
    for (let index = 0; index < 24; index++) ask(`slow ${index}`, tracker);
    expect(started).toHaveLength(14);
    for (let index = 0; index < 3; index++)
      ask(`other ${index}`, tracker, new Cancellation(), other).catch(() => {});
    expect(started.slice(14)).toEqual(['other 0', 'other 1']);
    await finish();
    expect(started.slice(16)).toEqual(['slow 14']);
  });

  it('gives every place to a route that answers, if no other needs them', async () => {
    const { started, finish, ask } = setUp(16);
    const tracker = new CallTracker('a');
    for (let index = 0; index < 30; index++) ask(`${index}`, tracker);
    expect(started).toHaveLength(14);
    await finish();
    expect(started).toHaveLength(17);
  });

  it('starts few calls that fail at once in one turn of the event loop', async () => {
    let sent = 0;
    let fail = () => {};
    const down = new Promise<never>((_resolve, reject) => (fail = () => reject(new Error('down'))));
    const limit = createLimit({ concurrency: 1, maxQueued: 200 });
    const send = withLimit(() => {
      sent++;
      return down;
    }, limit);
    const call = () => ({ tracker: new CallTracker('a'), cancellation: new Cancellation() });
    const request = { endpoint, path: '', merchantSerialNumber: undefined };
    const answers = Array.from({ length: 100 }, () => send(request, call()).catch(() => {}));
    fail();
    await new Promise(setImmediate);
    expect(sent).toBeLessThan(40);
    await Promise.all(answers);
    expect(sent).toBe(100);
  });

  it('takes a cancelled call out of the queue', async () => {
    const { started, finish, ask } = setUp(1);
    const tracker = new CallTracker('a');
    const cancellation = new Cancellation();
    ask('first', tracker);
    const cancelled = ask('cancelled', tracker, cancellation);
    ask('last', tracker);
    cancellation.cancel(new Error('left'));
    await expect(cancelled).rejects.toThrow('left');
    await finish();
    expect(started).toEqual(['first', 'last']);
  });

  it('refuses what would wait behind a full queue, and takes calls again afterwards', async () => {
    const { finish, ask } = setUp(1, 2);
    const tracker = new CallTracker('a');
    const answers = ['1', '2', '3'].map((path) => ask(path, tracker));
    await expect(ask('4', tracker)).rejects.toBeInstanceOf(QueueFull);
    for (let index = 0; index < 3; index++) await finish();
    await Promise.all(answers);
    const again = ask('5', tracker);
    await finish();
    expect(await again).toBe('5');
  });
});
