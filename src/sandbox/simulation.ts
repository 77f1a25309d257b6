import { createProblems } from './answers/problem.ts';
import { createApi } from './api/api.ts';
import { createIdempotencyStore } from './api/idempotency.ts';
import type { Route } from './api/route.ts';
import { createDeleteOrderRoute } from './api/routes/delete-order.ts';
import { createMerchantRoutes } from './api/routes/merchant.ts';
import { createNewOrderRoute } from './api/routes/new-order.ts';
import { createPricePackageRoutes } from './api/routes/price-package.ts';
import { createProductOrderRoutes } from './api/routes/product-order.ts';
import { createSalesUnitRoutes } from './api/routes/sales-unit.ts';
import { createTokenRoutes } from './api/routes/token.ts';
import { createRowOrder } from './api/row-order.ts';
import type { DataSource } from './data/data-source.ts';
import { createSeededRandom } from './data/seeded-random.ts';
import { hiddenMerchants } from './data/units.ts';
import type { CallerDirectory } from './keys/callers.ts';
import { createCallers } from './keys/create-callers.ts';
import type { TokenStore } from './keys/tokens.ts';
import { createTokenStore } from './keys/tokens.ts';
import type { Policy } from './policy/policy.ts';
import type { PolicyStore } from './policy/policy-store.ts';
import { createPolicyStore } from './policy/policy-store.ts';
import type { Agreements } from './world/agreements.ts';
import { createAgreements } from './world/agreements.ts';
import type { Clock } from './world/clock.ts';
import { createClock } from './world/clock.ts';
import type { Lifecycle } from './world/lifecycle.ts';
import { createLifecycle } from './world/lifecycle.ts';
import type { LiveWorld } from './world/live-world.ts';
import { createLiveWorld } from './world/live-world.ts';
import type { OrderBook } from './world/order-book.ts';
import { createOrderBook } from './world/order-book.ts';
import { createOrderIds } from './world/order-ids.ts';
import { type CrowdedMerchant, createWorld } from './world/world.ts';

interface SimulationOptions extends DataSource {
  policy: Partial<Policy>;
  crowd?: CrowdedMerchant | undefined;
  tokenLifetimeSeconds?: number | undefined;
  /** Address of the page where the merchant fills in the order with this id. */
  portalUrl(id: string): string;
  /** Called for every order that the API makes. */
  onOrder(): void;
}

/** The upstream without its sockets: data, callers and answers. */
export interface Simulation {
  readonly policies: PolicyStore;
  readonly clock: Clock;
  readonly world: LiveWorld;
  readonly book: OrderBook;
  readonly lifecycle: Lifecycle;
  readonly agreements: Agreements;
  readonly callers: CallerDirectory;
  readonly tokens: TokenStore;
  readonly routes: readonly Route[];
  readonly api: ReturnType<typeof createApi>['run'];
  /** Returns what the data was made from. */
  source(): DataSource;
  /** Returns the data to what it was at the start, or generates other data. Keys and tokens stay, so that clients keep working. */
  reset(source?: DataSource): void;
  /**
   * Returns everything to what it was at the start, like a new process. Revokes all tokens, since the clock goes back to
   * real time and would make expired ones valid again.
   */
  restart(): void;
}

export function createSimulation(options: SimulationOptions): Simulation {
  const { seed, units, crowd, portalUrl } = options;
  let source: DataSource = { seed, units };
  const random = createSeededRandom(seed);
  const policies = createPolicyStore(options.policy);
  const policy = policies.values;
  const problems = createProblems(policy);
  const rowOrder = createRowOrder(policy, random);
  const clock = createClock();
  const world = createLiveWorld(createWorld(seed, units, crowd), random, clock);
  const callers = createCallers(random, () => world.units.merchantCount + hiddenMerchants.ofOtherPartner);
  const tokens = createTokenStore(clock, options.tokenLifetimeSeconds);
  const book = createOrderBook(world, clock);
  const idempotency = createIdempotencyStore({ policy, problems, clock });
  const agreements = createAgreements(world);
  const ids = createOrderIds(random);
  const api = createApi({ world, tokens, callers, policy, problems, clock });
  const reset = (wanted = source) => {
    const isSame = wanted.seed === source.seed && wanted.units === source.units;
    source = wanted;
    const newRandom = createSeededRandom(wanted.seed);
    world.reset(
      isSame ? undefined : { base: createWorld(wanted.seed, wanted.units, crowd), random: newRandom },
    );
    book.reset();
    ids.restart(newRandom);
    rowOrder.restart(newRandom);
    idempotency.clear();
    agreements.clear();
    api.resetRateLimit();
  };
  return {
    policies,
    clock,
    world,
    book,
    lifecycle: createLifecycle(world, book),
    agreements,
    callers,
    tokens,
    routes: [
      ...createTokenRoutes(tokens, callers, policy),
      ...createMerchantRoutes({ world, policy, problems, rowOrder }),
      ...createSalesUnitRoutes({ world, policies, problems, rowOrder }),
      ...createProductOrderRoutes({ world, book, policy, problems, rowOrder, portalUrl }),
      createDeleteOrderRoute({ world, book, policy, problems }),
      createNewOrderRoute({
        world,
        book,
        policy,
        problems,
        ids,
        idempotency,
        portalUrl,
        onOrder: options.onOrder,
      }),
      ...createPricePackageRoutes({ world, policy, problems, rowOrder }),
    ],
    api: api.run,
    source: () => source,
    reset,
    restart() {
      tokens.revoke();
      clock.restart();
      policies.restart();
      callers.restore();
      reset({ seed, units });
    },
  };
}
