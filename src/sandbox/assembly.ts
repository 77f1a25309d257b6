import type { RequestListener } from 'node:http';
import { createIdentify } from './api/authorize.ts';
import { keptSystemName } from './api/header-limits.ts';
import { createControl } from './control/control.ts';
import { createDataRoutes } from './control/data-routes.ts';
import { createEditRoutes } from './control/edit-routes.ts';
import { createPolicyRoutes } from './control/policy-routes.ts';
import { createStateRoutes } from './control/state-routes.ts';
import type { DataSource } from './data/data-source.ts';
import { createSeededRandom } from './data/seeded-random.ts';
import type { Faults } from './faults/faults.ts';
import { createFaults } from './faults/faults.ts';
import type { Exchange } from './http/exchange.ts';
import { createGuard } from './http/guard.ts';
import { routeKey } from './http/route.ts';
import { createRouter } from './http/router.ts';
import { createListener } from './listener.ts';
import { createPages } from './pages/pages.ts';
import type { Policy } from './policy/policy.ts';
import type { Simulation } from './simulation.ts';
import { createSimulation } from './simulation.ts';
import type { Stats } from './stats/stats.ts';
import { createStats } from './stats/stats.ts';
import type { CrowdedMerchant } from './world/world.ts';

interface AssemblyOptions extends DataSource {
  host: string;
  policy: Partial<Policy>;
  crowd: CrowdedMerchant | undefined;
  tokenLifetimeSeconds: number | undefined;
  onExchange: ((exchange: Exchange) => void) | undefined;
  /** Returns the address of the sandbox, once it listens. */
  url(): string;
}

interface Assembly {
  readonly simulation: Simulation;
  readonly stats: Stats;
  readonly faults: Faults;
  readonly listener: RequestListener;
  /** Resets the statistics, ends all faults and restores all keys. */
  reset(): void;
  /** Returns everything to what it was at the start. */
  restart(): void;
}

/** Connects the simulation with its statistics, faults, control routes and pages, and returns the listener for all of them. */
export function assembleSandbox({ host, url, onExchange, ...options }: AssemblyOptions): Assembly {
  const stats = createStats();
  const simulation = createSimulation({
    ...options,
    portalUrl: (id) => `${url()}/portal/register/prefilled/${id}`,
    onOrder: stats.orderMade,
  });
  const { policies, clock, world, book, lifecycle, callers, tokens, routes } = simulation;
  const guard = createGuard(host);
  const faults = createFaults(createSeededRandom(options.seed), {
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
  const counts = () => ({
    salesUnits: world.units.count,
    merchants: world.merchantCount,
    productOrders: book.count,
    tokens: tokens.count(),
    faults: faults.list().length,
  });
  const stateRoutes = [
    ...createDataRoutes({ ...simulation, counts }),
    ...createStateRoutes(world, lifecycle),
    ...createEditRoutes(lifecycle),
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
      url,
    }),
    identify: createIdentify(tokens, callers),
    stats,
    faults,
    latencyMs: () => policies.values.latencyMs,
    systemName: (headers) => keptSystemName(headers, policies.values),
    onExchange,
  });
  return { simulation, stats, faults, listener, reset, restart };
}
