import { UpstreamUnauthorized } from '../upstream/errors.ts';
import type { ManagementApi } from '../upstream/management-api.ts';

/** Every list of the Management API, and what the doctor reports about it. */
export const listChecks: Readonly<Record<string, (api: ManagementApi) => Promise<string>>> = {
  'sales units': async (api) => describeCount(await api.salesUnits()),
  'product orders': async (api) => {
    const orders = await api.productOrders({ includeExpired: true });
    const expired = orders.filter((order) => !(order instanceof Error) && order.status === 'EXPIRED').length;
    return `${describeCount(orders)}; ${expired} of them expired`;
  },
  'price packages': async (api) => {
    try {
      return `${describeCount(await api.pricePackages())}; these are keys of a partner`;
    } catch (error) {
      // Only partners have price packages, so this refusal is not a failure.
      if (error instanceof UpstreamUnauthorized && error.status === 403)
        return 'none: refused with 403, so these are keys of a merchant and not of a partner';
      throw error;
    }
  },
};

function describeCount(rows: readonly unknown[]): string {
  const broken = rows.filter((row) => row instanceof Error).length;
  return `${rows.length}${broken > 0 ? `, of which ${broken} cannot be read` : ''}`;
}
