import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createIdentify } from './api/authorize.ts';
import { createControl } from './control/control.ts';
import { createDataRoutes, HIGHEST_SEED, MOST_UNITS } from './control/data-routes.ts';
import { createPolicyRoutes } from './control/policy-routes.ts';
import type { MovedOrder } from './control/state-routes.ts';
import { createStateRoutes, toMovedOrder } from './control/state-routes.ts';
import type { ProductOrderStatus } from './data/product-order.ts';
import { createSeededRandom } from './data/seeded-random.ts';
import type { Fault } from './faults/fault.ts';
import type { FaultEntry } from './faults/faults.ts';
import { createFaults } from './faults/faults.ts';
import type { Exchange } from './http/exchange.ts';
import { createGuard } from './http/guard.ts';
import { urlOf } from './http/listen-address.ts';
import { routeKey } from './http/route.ts';
import { createRouter } from './http/router.ts';
import type { KeyName, SandboxCallers, SandboxKeys, TenantName } from './keys/callers.ts';
import { createListener } from './listener.ts';
import { createPages } from './pages/pages.ts';
import type { Policy, PolicyChanges } from './policy/policy.ts';
import type { SandboxData } from './sandbox-data.ts';
import { createSandboxData } from './sandbox-data.ts';
import { createSimulation } from './simulation.ts';
import type { CallRecord, SandboxStats } from './stats/stats.ts';
import { createStats } from './stats/stats.ts';
import type { Clock } from './world/clock.ts';
import type { CrowdedMerchant } from './world/world.ts';

export interface SandboxOptions {
  /** Sales units that the main partner sees, 1 to 100,000; 200 when left out. */
  units?: number;
  /** Gives the first merchant this many of the units, and orders of its own; see {@link CrowdedMerchant}. */
  crowd?: CrowdedMerchant;
  /** The policy of this name, which wins when both are given. */
  latencyMs?: number;
  /** Decides all data and keys: same seed, same sandbox. 0 to 4,294,967,295; 1 when left out. */
  seed?: number;
  /** 0, the default, takes any free port. */
  port?: number;
  /** 127.0.0.1 when left out. Whoever reaches another one can steer the sandbox and read its keys. */
  host?: string;
  /** Instead of 24 hours and 15 minutes. */
  tokenLifetimeSeconds?: number;
  policy?: Partial<Policy>;
  /** Told of every API and token call once its answer is on the way, or once there will be none. */
  onExchange?: (exchange: Exchange) => void;
}

export interface Sandbox {
  readonly url: string;
  /** The address that it listens on. */
  readonly address: string;
  /** Keys of the main partner. */
  readonly keys: SandboxKeys;
  readonly callers: SandboxCallers;
  readonly data: SandboxData;
  readonly clock: Clock;
  stats(): SandboxStats;
  /** The last 5000 calls, oldest first. */
  calls(): CallRecord[];
  /**
   * Zeroes the statistics, ends all faults and makes revoked keys good again. Tokens and data stay, so that clients under
   * test keep theirs.
   */
  reset(): void;
  /**
   * Makes everything what it was at the start, on the same port: statistics, faults, keys, data, policy and clock. All
   * tokens are revoked.
   */
  restart(): void;
  readonly policy: Policy;
  /** Changes policies from the next call on, by null to what they were at the start; throws a PolicyError that lists every mistake. */
  setPolicy(changes: PolicyChanges): void;
  /** Moves a product order on, as merchant and Vipps MobilePay do; throws a ControlError when it cannot go there. */
  moveOrder(id: string, status: ProductOrderStatus): MovedOrder;
  deactivateUnit(msn: string): void;
  deactivateMerchant(scheme: string, id: string): void;
  /** Forgets the orders made and everything that became of them. The policy stays. */
  resetState(): void;
  /** Adds a fault and gives its id; throws a FaultError when it is not valid. */
  fault(fault: Fault): string;
  /** The faults that are on. */
  faults(): readonly FaultEntry[];
  clearFaults(): void;
  /** Revokes the tokens of one caller, or all. */
  revokeTokens(caller?: TenantName): void;
  /** Makes one key of a caller a bad one, or all of them. Tokens that were issued stay valid. */
  revokeKeys(caller: TenantName, key?: KeyName): void;
  /** Makes revoked keys good again: one, a caller's, or all. */
  restoreKeys(caller?: TenantName, key?: KeyName): void;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts a Management API of its own over real HTTP. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { units = 200, seed = 1, port = 0, host = '127.0.0.1', latencyMs } = options;
  if (!Number.isInteger(units) || units < 1 || units > MOST_UNITS) {
    throw new RangeError(`A sandbox has 1 to ${MOST_UNITS} sales units.`);
  }
  if (!Number.isInteger(seed) || seed < 0 || seed > HIGHEST_SEED) {
    throw new RangeError(`A seed is a whole number from 0 to ${HIGHEST_SEED}.`);
  }

  let url = '';
  const stats = createStats();
  const simulation = createSimulation({
    seed,
    units,
    crowd: options.crowd,
    policy: { ...(latencyMs !== undefined && { latencyMs }), ...options.policy },
    tokenLifetimeSeconds: options.tokenLifetimeSeconds,
    portalUrl: (id) => `${url}/portal/register/prefilled/${id}`,
    onOrder: stats.orderMade,
  });
  const { policies, clock, world, book, lifecycle, callers, tokens, routes } = simulation;
  const policy = policies.values;
  const guard = createGuard(host);
  const faults = createFaults(createSeededRandom(seed), {
    routes: routes.map(routeKey),
    tenants: callers.tenants.map(({ name }) => name),
  });
  const reset = () => {
    stats.reset();
    faults.clear();
    callers.restore();
  };
  const restart = () => {
    stats.restart();
    faults.restart();
    simulation.restart();
  };
  const stateRoutes = [
    ...createDataRoutes({
      ...simulation,
      counts: () => ({
        salesUnits: world.units.count,
        merchants: world.merchantCount,
        productOrders: book.count,
        tokens: tokens.count(),
        faults: faults.list().length,
      }),
    }),
    ...createStateRoutes(world, lifecycle),
    ...createPolicyRoutes(policies),
  ];

  const listener = createListener({
    findRoute: createRouter(routes),
    api: simulation.api,
    control: createControl({ stats, faults, callers, tokens, clock, reset, restart, stateRoutes, guard }),
    pages: createPages({
      ...simulation,
      stats,
      faults,
      callers: callers.keys,
      guard,
      resetCounts: reset,
      url: () => url,
    }),
    identify: createIdentify(tokens, callers),
    stats,
    faults,
    latencyMs: () => policy.latencyMs,
    onExchange: options.onExchange,
  });
  // Idle connections outlive the pauses of a test or of somebody exploring by hand.
  const server = createServer({ keepAliveTimeout: 65_000 }, listener);
  server.listen({ port, host, backlog: 2048 });
  await once(server, 'listening');
  const address = server.address() as AddressInfo;
  url = urlOf(address);

  const close = async () => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  return {
    url,
    address: address.address,
    keys: callers.keys.partner,
    callers: callers.keys,
    data: createSandboxData(world, book),
    clock,
    stats: stats.read,
    calls: stats.calls,
    reset,
    restart,
    policy,
    setPolicy: policies.set,
    moveOrder: (id, status) => toMovedOrder(world, lifecycle.moveOrder(id, status)),
    deactivateUnit: lifecycle.deactivateUnit,
    deactivateMerchant: lifecycle.deactivateMerchant,
    resetState: () => simulation.reset(),
    fault: faults.add,
    faults: faults.list,
    clearFaults: faults.clear,
    revokeTokens: tokens.revoke,
    revokeKeys: callers.revoke,
    restoreKeys: callers.restore,
    close,
    [Symbol.asyncDispose]: close,
  };
}
