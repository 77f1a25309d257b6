import type { TenantName } from '../keys/callers.ts';

type CountsByRoute = Record<string, number>;

/** How often each route was called, in all and by each caller. */
interface CallCounts {
  calls: CountsByRoute;
  tenants: Partial<Record<TenantName, CountsByRoute>>;
}

interface Counter {
  count: number;
}

/** Counts calls by caller and route. */
export function createCallCounts() {
  const tenants = new Map<TenantName | null, Map<string, Counter>>();
  return {
    count(tenant: TenantName | null, key: string): void {
      let counters = tenants.get(tenant);
      if (!counters) {
        counters = new Map();
        tenants.set(tenant, counters);
      }
      const counter = counters.get(key);
      if (counter) counter.count++;
      else counters.set(key, { count: 1 });
    },
    read(): CallCounts {
      const calls: CountsByRoute = {};
      const byTenant: CallCounts['tenants'] = {};
      for (const [tenant, counters] of tenants) {
        const own: CountsByRoute = {};
        for (const [key, { count }] of counters) {
          own[key] = count;
          calls[key] = (calls[key] ?? 0) + count;
        }
        if (tenant) byTenant[tenant] = own;
      }
      return { calls, tenants: byTenant };
    },
    clear: () => tenants.clear(),
  };
}
