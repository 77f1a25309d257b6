import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApi } from './api.ts';
import type { SandboxCallers, SandboxKeys } from './callers.ts';
import { createCallers } from './callers.ts';
import type { Clock } from './clock.ts';
import { createClock } from './clock.ts';
import { createControl } from './control.ts';
import { createPolicyRoutes } from './control-policy.ts';
import type { MovedOrder } from './control-state.ts';
import { createStateRoutes, toMovedOrder } from './control-state.ts';
import { createDice } from './data/dice.ts';
import type { ProductOrderStatus } from './data/product-order.ts';
import { createWorld } from './data.ts';
import type { Exchange } from './exchange.ts';
import type { Fault } from './fault.ts';
import { createFaults } from './faults.ts';
import { createIdempotencyStore } from './idempotency.ts';
import type { SandboxData } from './inspect.ts';
import { createSandboxData } from './inspect.ts';
import { createLifecycle } from './lifecycle.ts';
import { createListOrder } from './list-order.ts';
import { createListener } from './listener.ts';
import { createLiveWorld } from './live-world.ts';
import { createOrderBook } from './order-book.ts';
import type { Policy } from './policy.ts';
import { createPolicyStore } from './policy-store.ts';
import { createProblems } from './problem.ts';
import { routeKey } from './route.ts';
import { createRouter } from './router.ts';
import { createDeleteOrderRoute } from './routes/delete-order.ts';
import { createMerchantRoutes } from './routes/merchant.ts';
import { createNewOrderRoute } from './routes/new-order.ts';
import { createPricePackageRoutes } from './routes/price-package.ts';
import { createProductOrderRoutes } from './routes/product-order.ts';
import { createSalesUnitRoutes } from './routes/sales-unit.ts';
import { createTokenRoutes } from './routes/token.ts';
import type { CallRecord, SandboxStats } from './stats.ts';
import { createStats } from './stats.ts';
import { createTokenStore } from './tokens.ts';

export interface SandboxOptions {
  /** Sales units that the main partner sees, 1 to 100,000; 200 when left out. */
  units?: number;
  /** The policy of this name, which wins when both are given. */
  latencyMs?: number;
  /** Decides all data and keys: same seed, same sandbox. 1 when left out. */
  seed?: number;
  /** 0, the default, takes any free port. */
  port?: number;
  /** 127.0.0.1 when left out: the control routes are for nobody else. */
  host?: string;
  /** Instead of 24 hours and 15 minutes. */
  tokenLifetimeSeconds?: number;
  policy?: Partial<Policy>;
  /** Told of every API and token call once its answer is on the way, or once there will be none. */
  onExchange?: (exchange: Exchange) => void;
}

export interface Sandbox {
  readonly url: string;
  /** Keys of the main partner. */
  readonly keys: SandboxKeys;
  readonly callers: SandboxCallers;
  readonly data: SandboxData;
  readonly clock: Clock;
  stats(): SandboxStats;
  /** The last 5000 calls, oldest first. */
  calls(): CallRecord[];
  /** Zeroes the statistics and ends all faults. Tokens and data stay, so that clients under test keep theirs. */
  reset(): void;
  readonly policy: Policy;
  /** Changes policies from the next call on; throws a PolicyError that lists every mistake. */
  setPolicy(changes: Partial<Policy>): void;
  /** Moves a product order on, as merchant and Vipps MobilePay do; throws a ControlError when it cannot go there. */
  moveOrder(id: string, status: ProductOrderStatus): MovedOrder;
  deactivateUnit(msn: string): void;
  deactivateMerchant(scheme: string, id: string): void;
  /** Forgets the orders made and everything that became of them. The policy stays. */
  resetState(): void;
  /** Adds a fault and gives its id; throws a FaultError when it is not valid. */
  fault(fault: Fault): string;
  clearFaults(): void;
  revokeTokens(): void;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const MOST_UNITS = 100_000;

/** Starts a Management API of its own over real HTTP. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { units = 200, seed = 1, port = 0, host = '127.0.0.1' } = options;
  if (!Number.isInteger(units) || units < 1 || units > MOST_UNITS) {
    throw new RangeError(`A sandbox has 1 to ${MOST_UNITS} sales units.`);
  }

  const dice = createDice(seed);
  const { latencyMs } = options;
  const policies = createPolicyStore({ ...(latencyMs !== undefined && { latencyMs }), ...options.policy });
  const policy = policies.values;
  const problems = createProblems(policy);
  const lists = createListOrder(policy, dice);
  const callers = createCallers(dice);
  const clock = createClock();
  const world = createLiveWorld(createWorld(seed, units), dice, clock);
  const tokens = createTokenStore(clock, options.tokenLifetimeSeconds);
  const stats = createStats();
  const book = createOrderBook(world.orders, clock);
  const idempotency = createIdempotencyStore({ policy, problems, clock });
  let url = '';
  const portalUrl = (id: string) => `${url}/portal/register/prefilled/${id}`;
  const routes = [
    ...createTokenRoutes(tokens, callers, policy),
    ...createMerchantRoutes({ world, policy, problems, lists }),
    ...createSalesUnitRoutes({ world, policies, problems, lists }),
    ...createProductOrderRoutes({ world, book, policy, problems, lists, portalUrl }),
    createDeleteOrderRoute({ world, book, policy, problems }),
    createNewOrderRoute({ world, book, policy, problems, dice, idempotency, portalUrl }),
    ...createPricePackageRoutes({ world, policy, problems, lists }),
  ];
  const api = createApi({ world, tokens, callers, policy, problems, clock });
  const faults = createFaults(dice, routes.map(routeKey));
  const resetState = () => {
    world.reset();
    book.reset();
    idempotency.forget();
    api.forgetCalls();
  };
  const lifecycle = createLifecycle(world, book);
  const stateRoutes = [...createStateRoutes(world, lifecycle, resetState), ...createPolicyRoutes(policies)];
  const reset = () => {
    stats.reset();
    faults.clear();
  };

  const listener = createListener({
    findRoute: createRouter(routes),
    api: api.run,
    control: createControl({ stats, faults, tokens, clock, reset, stateRoutes }),
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
  url = `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`;

  const close = async () => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  return {
    url,
    keys: callers.keys.partner,
    callers: callers.keys,
    data: createSandboxData(world, book),
    clock,
    stats: stats.read,
    calls: stats.calls,
    reset,
    policy,
    setPolicy: policies.set,
    moveOrder: (id, status) => toMovedOrder(world, lifecycle.moveOrder(id, status)),
    deactivateUnit: lifecycle.deactivateUnit,
    deactivateMerchant: lifecycle.deactivateMerchant,
    resetState: () => resetState(),
    fault: faults.add,
    clearFaults: faults.clear,
    revokeTokens: tokens.revokeAll,
    close,
    [Symbol.asyncDispose]: close,
  };
}
