import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createDirectory } from '../../src/directory/directory.ts';
import { openSqliteDirectory } from '../../src/store/directory/sqlite-directory.ts';
import type { CallTracker } from '../../src/upstream/call-tracker.ts';
import { CircuitOpen, UpstreamRateLimited, UpstreamUnavailable } from '../../src/upstream/errors.ts';
import type { ManagementApi } from '../../src/upstream/management-api.ts';

const route = 'GET /management/v1/sales-units/{msn}';

interface Call {
  readonly what: string;
  readonly at: number;
}

/** A directory over an API of `units` units, whose calls take `latencyMs` and fail as `fail` says. */
function setUp({
  units = 20,
  callsPerSecond = 1_000,
  latencyMs = 1,
  fail = (_call: Call): Error | undefined => undefined,
}) {
  const calls: Call[] = [];
  const priorities = new Set<string>();
  let [active, mostActive] = [0, 0];
  const directory = createDirectory({
    index: openSqliteDirectory({
      file: ':memory:',
      maxAgeMs: 86_400_000,
      changesKeepMs: 86_400_000,
      gapMs: 86_400_000,
      confirmMs: 0,
      onDamage: () => {},
    }),
    callsPerSecond,
    listMs: 60_000,
    ordersMs: 60_000,
    answersReads: true,
    onFailure: () => {},
  });
  const identifier = { scheme: 'business:NO:ORG', value: '987654321' };
  const call = async <T>(what: string, value: T): Promise<T> => {
    const made = { what, at: performance.now() };
    calls.push(made);
    mostActive = Math.max(mostActive, ++active);
    await sleep(latencyMs);
    active--;
    const error = fail(made);
    if (error) throw error;
    return value;
  };
  const note = directory.archive.note;
  const api = (tracker: CallTracker) => {
    priorities.add(tracker.priority);
    return {
      async salesUnits() {
        const value = Array.from({ length: units }, (_, at) => ({
          msn: String(1_000 + at),
          name: `Unit ${at}`,
        }));
        await call('list', value);
        note({ kind: 'salesUnits' }, { value, readAt: Date.now() });
        return value;
      },
      async salesUnit(msn: string) {
        const value = await call(msn, { msn, name: msn, businessIdentifier: identifier, configuration: {} });
        note({ kind: 'salesUnit', msn }, { value, readAt: Date.now() });
        return value;
      },
      async merchant() {
        const value = await call('merchant', { businessIdentifier: identifier, name: 'Merchant' });
        note({ kind: 'merchant', identifier }, { value, readAt: Date.now() });
        return value;
      },
      productOrders: async () => [],
      pricePackages: async () => [],
    } as unknown as ManagementApi;
  };
  directory.start({ uncachedApi: api });
  const complete = async () => {
    while (!(await directory.status()).isComplete) await sleep(5);
  };
  return { directory, calls, priorities, complete, mostActive: () => mostActive };
}

describe('the sync', () => {
  it('reads the list, each unit and each merchant once, in the background', async () => {
    const { directory, calls, priorities, complete } = setUp({});
    await complete();
    await sleep(100);
    expect(calls.map(({ what }) => what).sort()).toEqual(
      ['list', 'merchant', ...Array.from({ length: 20 }, (_, at) => String(1_000 + at))].sort(),
    );
    expect([...priorities]).toEqual(['background']);
    expect((await directory.status()).state).toMatch(/current|filling/);
    await directory.stop();
  });

  it('never exceeds its pace, and makes 16 calls at once at most', async () => {
    const { directory, calls, complete, mostActive } = setUp({
      units: 60,
      callsPerSecond: 100,
      latencyMs: 250,
    });
    await complete();
    const times = calls.map(({ at }) => at);
    for (const [index, at] of times.entries()) {
      const within = times.slice(index).filter((later) => later < at + 500).length;
      // Half a second at 100 per second, and a burst of a tenth.
      expect(within).toBeLessThanOrEqual(50 + 10 + 2);
    }
    expect(mostActive()).toBe(16);
    await directory.stop();
  });

  it('waits as long as a 429 says, then continues, and reads everything', async () => {
    let refusals = 0;
    const { directory, calls, complete } = setUp({
      fail: ({ what }) =>
        what === '1005' && refusals++ === 0
          ? new UpstreamRateLimited('slow down', { route, retryAfterMs: 400 })
          : undefined,
    });
    await complete();
    const refused = calls.find(({ what }) => what === '1005')?.at ?? 0;
    // Those that had begun, and none in the 400 ms after it.
    const inPause = calls.filter(({ at }) => at > refused + 50 && at < refused + 350);
    expect(inPause).toEqual([]);
    expect(calls.filter(({ what }) => what === '1005')).toHaveLength(2);
    await directory.stop();
  });

  it('tells why it pauses while a circuit is open', async () => {
    const { directory } = setUp({
      fail: ({ what }) => (what === 'list' ? undefined : new CircuitOpen(route, 60_000)),
    });
    await sleep(200);
    const status = await directory.status();
    expect(status).toMatchObject({ state: 'paused', isComplete: false });
    expect(status.incompleteBecause).toMatch(/20 of 20 sales units .* failing/);
    await directory.stop();
  });

  it('puts off what fails, and reads the rest', async () => {
    const { directory, calls } = setUp({
      fail: ({ what }) =>
        what === '1003' ? new UpstreamUnavailable('gone', { route, reason: 'status' }) : undefined,
    });
    while ((await directory.status()).knownMerchants === 0) await sleep(20);
    await sleep(300);
    expect((await directory.status()).knownSalesUnits).toBe(19);
    expect(calls.filter(({ what }) => what === '1003')).toHaveLength(1);
    await directory.stop();
  });
});
