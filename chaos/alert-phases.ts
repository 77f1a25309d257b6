import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { flood } from './flood.ts';
import { openLoad } from './load.ts';
import { ADMIN_PAGE, COUNT, LIST, orderOf, UNIT } from './requests.ts';
import type { World, WorldOptions } from './world.ts';

/** A fault and the alerts that it must cause. */
export interface Phase {
  readonly name: string;
  readonly options?: WorldOptions;
  /** Causes the fault for about so many seconds. */
  readonly cause: (world: World, seconds: number) => Promise<unknown>;
  readonly fires: readonly string[];
  /** Alerts that are right in this fault, but depend on chance. */
  readonly mayFire?: readonly string[];
}

const PAGE = '{ salesUnits(first: 20) { nodes { configuration { captureType } } } }';
const manyUnits = (msns: readonly string[]) =>
  `{ ${msns.map((msn) => `u${msn}: salesUnit(msn: "${msn}") { name }`).join(' ')} }`;
const fresh = { 'cache-control': 'no-cache' };
const load = (world: World, seconds: number, query = PAGE) =>
  openLoad(10, seconds, () => world.ask(query, fresh).catch(() => Promise.reject(new Error('broken'))));
const sleep = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1_000));

const LEAK = 'globalThis.leak=Buffer.alloc(350e6,1)';

const outcomesFile = join(mkdtempSync(join(tmpdir(), 'alerts-outcomes-')), 'outcomes.sqlite');

export const phases: readonly Phase[] = [
  { name: 'nothing', cause: load, fires: [] },
  {
    name: 'the gateway stops',
    cause: async (world, seconds) => {
      world.gateway.cli.send('SIGTERM');
      await sleep(seconds / 2);
    },
    fires: ['ManagementGraphqlDown'],
  },
  {
    name: 'callers send invalid operations',
    cause: (world, seconds) => load(world, seconds, '{ nope }'),
    fires: ['OperationsFail'],
  },
  {
    name: 'a tenth of calls fails',
    cause: (world, seconds) => {
      world.sandbox.fault({ route: UNIT, status: 503, rate: 0.08 });
      return load(world, seconds);
    },
    fires: ['UpstreamFails'],
    mayFire: ['RetryBudgetExhausted', 'OperationsFail'],
  },
  {
    name: 'an endpoint is down',
    cause: (world, seconds) => {
      world.sandbox.fault({ route: UNIT, status: 500 });
      return load(world, seconds);
    },
    fires: ['CircuitBreakerOpen', 'OperationsFail'],
    // The open breaker ends the calls that fail, so it depends on the moment whether these last long enough.
    mayFire: ['UpstreamFails', 'RetryBudgetExhausted'],
  },
  {
    name: 'a third of calls fails',
    cause: (world, seconds) => {
      world.sandbox.fault({ route: UNIT, status: 503, rate: 0.3 });
      return load(world, seconds);
    },
    fires: ['UpstreamFails', 'RetryBudgetExhausted', 'OperationsFail'],
    mayFire: ['CircuitBreakerOpen'],
  },
  {
    name: 'an endpoint is down while answers are cached',
    options: { env: { CACHE: 'on' } },
    cause: async (world, seconds) => {
      await world.ask(PAGE);
      world.sandbox.fault({ route: UNIT, status: 500 });
      return openLoad(10, seconds, () => world.ask(PAGE, { 'cache-control': 'max-age=0, max-stale=600' }));
    },
    fires: ['CircuitBreakerOpen'],
    mayFire: ['UpstreamFails', 'RetryBudgetExhausted'],
  },
  {
    name: 'the upstream is slow',
    cause: (world, seconds) => {
      world.sandbox.fault({ route: LIST, delayMs: 1_400 });
      return load(world, seconds, COUNT);
    },
    fires: ['UpstreamSlow'],
  },
  {
    name: 'the upstream limits the rate',
    cause: (world, seconds) => {
      world.sandbox.fault({ route: LIST, status: 429, retryAfter: 60 });
      return load(world, seconds, COUNT);
    },
    fires: ['UpstreamRateLimits', 'OperationsFail'],
  },
  {
    name: 'the keys are revoked',
    cause: (world, seconds) => {
      world.sandbox.revokeKeys('partner', 'client');
      world.sandbox.revokeTokens();
      return load(world, seconds, COUNT);
    },
    fires: ['UpstreamRefusesKeys', 'OperationsFail'],
  },
  {
    name: 'a firewall refuses',
    cause: (world, seconds) => {
      world.sandbox.fault({ route: LIST, status: 403, bodyShape: 'html' });
      return load(world, seconds, COUNT);
    },
    fires: ['FirewallRefuses', 'OperationsFail'],
  },
  {
    name: 'the primary subscription key is refused',
    cause: (world, seconds) => {
      world.sandbox.revokeKeys('partner', 'subscriptionKey');
      return load(world, seconds / 2, COUNT);
    },
    fires: ['SubscriptionKeySwitched'],
  },
  {
    name: 'too many calls wait',
    options: {
      env: { UPSTREAM_CONCURRENCY: '1', MAX_UPSTREAM_CALLS: '30' },
      sandbox: { units: 400, latencyMs: 100 },
    },
    cause: (world, seconds) => {
      const { msns } = world.sandbox.data;
      // Different units each time, since operations share the calls for the same unit.
      const next = (index: number) => msns.slice((10 * index) % 400, ((10 * index) % 400) + 10);
      return openLoad(40, seconds, (index) => world.ask(manyUnits(next(index)), fresh));
    },
    fires: ['QueueFull', 'OperationsFail'],
  },
  {
    name: 'the process gets no processor',
    cause: async (world, seconds) => {
      const startedAt = performance.now();
      const running = load(world, seconds, COUNT);
      while (performance.now() - startedAt < seconds * 1_000) {
        world.gateway.cli.send('SIGSTOP');
        await sleep(0.35);
        world.gateway.cli.send('SIGCONT');
        await sleep(0.15);
      }
      await running;
    },
    fires: ['EventLoopLate'],
  },
  {
    name: 'overload',
    options: { env: { CACHE: 'on' }, sandbox: { units: 200 } },
    cause: ({ gateway }, seconds) => flood(gateway.url, { query: ADMIN_PAGE, perSecond: 3_000, seconds }),
    fires: ['RequestsShed'],
    mayFire: ['EventLoopLate', 'OperationsFail', 'MemoryHigh'],
  },
  {
    name: 'the tenants file gets a mistake',
    options: { tenants: true },
    cause: async (world, seconds) => {
      writeFileSync(world.tenants?.file ?? '', '{"tenants": 7}');
      await sleep(seconds);
    },
    fires: ['ConfigurationStale'],
    mayFire: ['OperationsFail'],
  },
  {
    name: 'the contract drifts',
    cause: (world, seconds) => {
      world.sandbox.fault({
        route: UNIT,
        patch: [{ path: ['configuration', 'captureType'], value: 'NewType' }],
      });
      return load(world, seconds / 2);
    },
    fires: ['ContractDrift'],
  },
  {
    name: 'memory is held',
    options: { env: { NODE_OPTIONS: `--import "data:text/javascript,${LEAK}"` } },
    cause: load,
    fires: ['MemoryHigh'],
    mayFire: ['RequestsShed'],
  },
  {
    name: 'the file of outcomes is locked',
    options: { env: { OUTCOMES_FILE: outcomesFile } },
    cause: async (world, seconds) => {
      world.sandbox.fault({ route: 'POST /management/v1/product-orders', delayMs: 600 });
      const endsAt = performance.now() + seconds * 1_000;
      while (performance.now() < endsAt) {
        const ordering = world.ask(orderOf('Example'));
        // The claim is on disk and the order is under way: now its outcome cannot be written.
        await sleep(0.3);
        using _lock = lockWrites(outcomesFile);
        const { data } = await ordering;
        const { prefillUrl } = (data as { prefillProductOrder: { prefillUrl: unknown } }).prefillProductOrder;
        if (!prefillUrl) throw new Error(`no order was made: ${JSON.stringify(data)}`);
        await sleep(1.5);
      }
    },
    fires: ['OutcomeStoreFails'],
  },
  {
    name: 'a directory is rate limited while it is filled',
    options: {
      env: { CACHE: 'on', DIRECTORY: 'on', DIRECTORY_CALLS_PER_SECOND: '5' },
      sandbox: { units: 300 },
    },
    cause: (world, seconds) => {
      world.sandbox.fault({ route: UNIT, status: 429, retryAfter: 600 });
      return sleep(1.8 * seconds);
    },
    fires: ['DirectoryStuck'],
    mayFire: ['UpstreamRateLimits'],
  },
  {
    name: 'workers are killed again and again',
    options: { env: { WORKERS: '2' } },
    cause: async (world, seconds) => {
      const endsAt = performance.now() + seconds * 1_000;
      while (performance.now() < endsAt) {
        const started = world.gateway.cli.logs.findLast(({ msg }) => msg === 'a worker accepts requests');
        process.kill(Number(started?.['pid']), 'SIGKILL');
        await sleep(3);
      }
    },
    fires: ['WorkersEnd'],
    mayFire: ['OperationsFail'],
  },
];

/** Holds the only lock that lets a process write to a SQLite file. */
function lockWrites(file: string): Disposable {
  const db = new DatabaseSync(file);
  db.exec('BEGIN IMMEDIATE');
  return { [Symbol.dispose]: () => db.close() };
}
