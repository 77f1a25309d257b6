import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApi } from './api.ts';
import { createIdentify } from './authorize.ts';
import type { KeyName, SandboxCallers, SandboxKeys, TenantName } from './callers.ts';
import { createCallers } from './callers.ts';
import type { Clock } from './clock.ts';
import { createClock } from './clock.ts';
import { createControl } from './control.ts';
import type { DataSource } from './control-data.ts';
import { createDataRoutes, MOST_UNITS } from './control-data.ts';
import { createStateRoutes } from './control-state.ts';
import { createDice } from './data/dice.ts';
import { hiddenMerchants, MAIN_PARTNER, OTHER_PARTNER } from './data/units.ts';
import { createWorld } from './data.ts';
import type { Exchange } from './exchange.ts';
import type { Fault } from './fault.ts';
import type { FaultEntry } from './faults.ts';
import { createFaults } from './faults.ts';
import { createGuard } from './guard.ts';
import { createIdempotencyStore } from './idempotency.ts';
import type { SandboxData } from './inspect.ts';
import { createSandboxData } from './inspect.ts';
import { createLifecycle } from './lifecycle.ts';
import { createListener } from './listener.ts';
import { createLiveWorld } from './live-world.ts';
import type { OrderBook } from './order-book.ts';
import { createOrderBook } from './order-book.ts';
import { createAgreements } from './pages/agreements.ts';
import { createPages } from './pages/pages.ts';
import type { Policy } from './policy.ts';
import { defaultPolicy } from './policy.ts';
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
  /** How long every API and token call takes at least; 20 when left out. */
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
  /**
   * Zeroes the statistics, ends all faults and makes revoked keys good again. Tokens and data stay, so that clients under
   * test keep theirs.
   */
  reset(): void;
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
  const { units = 200, latencyMs = 20, seed = 1, port = 0, host = '127.0.0.1' } = options;
  if (!Number.isInteger(units) || units < 1 || units > MOST_UNITS) {
    throw new RangeError(`A sandbox has 1 to ${MOST_UNITS} sales units.`);
  }

  const dice = createDice(seed);
  const policy = { ...defaultPolicy, ...options.policy };
  const clock = createClock();
  let source: DataSource = { seed, units };
  const world = createLiveWorld(createWorld(seed, units), dice, clock);
  const callers = createCallers(dice, () => world.units.merchantCount + hiddenMerchants.ofOtherPartner);
  const tokens = createTokenStore(clock, options.tokenLifetimeSeconds);
  const stats = createStats();
  const book = createOrderBook(world, clock);
  const idempotency = createIdempotencyStore();
  const agreements = createAgreements(world);
  const guard = createGuard(host);
  // The same book for the route that orders are made by, which makes each of them count.
  const countedBook: OrderBook = Object.create(book, {
    add: {
      value(order: Parameters<OrderBook['add']>[0]) {
        stats.orderMade();
        book.add(order);
      },
    },
  });
  let url = '';
  const portalUrl = (id: string) => `${url}/portal/register/prefilled/${id}`;
  const routes = [
    ...createTokenRoutes(tokens, callers),
    ...createMerchantRoutes(world, policy),
    ...createSalesUnitRoutes(world, policy),
    ...createProductOrderRoutes({ world, book, policy, portalUrl }),
    createDeleteOrderRoute(book, policy),
    createNewOrderRoute({ book: countedBook, policy, dice, idempotency, portalUrl }),
    ...createPricePackageRoutes(world),
  ];
  const faults = createFaults(dice, {
    routes: routes.map(routeKey),
    tenants: callers.tenants.map(({ name }) => name),
  });
  const resetState = (wanted: DataSource = source) => {
    const isSame = wanted.seed === source.seed && wanted.units === source.units;
    source = wanted;
    // Keys stay those of the start, so that clients under test stay configured.
    world.reset(
      isSame ? undefined : { base: createWorld(wanted.seed, wanted.units), dice: createDice(wanted.seed) },
    );
    book.reset();
    idempotency.forget();
    agreements.forget();
  };
  const lifecycle = createLifecycle(world, book);
  const dataRoutes = createDataRoutes({
    clock,
    source: () => source,
    counts: () => ({
      salesUnits: world.units.count,
      merchants: world.merchantCount,
      productOrders: book.of(MAIN_PARTNER).length + book.of(OTHER_PARTNER).length,
      tokens: tokens.count(),
      faults: faults.list().length,
    }),
    reset: resetState,
  });
  const stateRoutes = [...dataRoutes, ...createStateRoutes(world, lifecycle)];
  const reset = () => {
    stats.reset();
    faults.clear();
    callers.restore();
  };

  const listener = createListener({
    findRoute: createRouter(routes),
    api: createApi(world, tokens, callers),
    control: createControl({ stats, faults, callers, tokens, clock, reset, stateRoutes, guard }),
    pages: createPages({
      world,
      book,
      lifecycle,
      agreements,
      clock,
      stats,
      faults,
      policy,
      callers: callers.keys,
      guard,
      url: () => url,
    }),
    identify: createIdentify(tokens, callers),
    stats,
    faults,
    latencyMs,
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
