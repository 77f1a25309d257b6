import type { RequestContext } from './context.ts';

/** Who asks. The counts are those of the lists, read only when asked for. */
export interface Viewer {
  readonly tenant: string;
  readonly scopes: readonly string[];
}

export const viewer = (context: RequestContext): Viewer => context.viewer;

export const salesUnitCount = async ({ loaders }: RequestContext) =>
  (await loaders.salesUnits.load('all')).length;

export const productOrderCount = async ({ loaders }: RequestContext) =>
  (await loaders.productOrders.load('visible')).length;

export const pricePackageCount = async ({ loaders }: RequestContext) =>
  (await loaders.pricePackages.load('all')).length;
