import type { RequestContext } from './context.ts';
import { mapValue } from './maybe-promise.ts';

/** The caller. The counts are fields of their own, since each needs a list. */
export interface Viewer {
  readonly tenant: string;
  readonly scopes: readonly string[];
}

export const viewer = (context: RequestContext): Viewer => context.viewer;

export const salesUnitCount = ({ loaders }: RequestContext) =>
  mapValue(loaders.salesUnits.get('all'), lengthOf);

export const productOrderCount = ({ loaders }: RequestContext) =>
  mapValue(loaders.productOrders.get('visible'), lengthOf);

export const pricePackageCount = ({ loaders }: RequestContext) =>
  mapValue(loaders.pricePackages.get('all'), lengthOf);

const lengthOf = (rows: readonly unknown[]) => rows.length;
