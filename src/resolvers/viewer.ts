import type { EndpointCalls } from '../upstream/models/endpoint-calls.ts';
import type { RequestContext } from './context.ts';
import { mapValue } from './maybe-promise.ts';

/** The caller. The counts are fields of their own, since each needs a list. */
export interface Viewer {
  readonly tenant: string;
  readonly scopes: readonly string[];
}

export function viewer(context: RequestContext): Viewer {
  context.usesLive();
  return context.viewer;
}

export const salesUnitCount = ({ loaders }: RequestContext) =>
  mapValue(loaders.salesUnits.get('all'), lengthOf);

export const productOrderCount = ({ loaders }: RequestContext) =>
  mapValue(loaders.productOrders.get('visible'), lengthOf);

export const pricePackageCount = ({ loaders }: RequestContext) =>
  mapValue(loaders.pricePackages.get('all'), lengthOf);

const lengthOf = (rows: readonly unknown[]) => rows.length;

/** How long ago the calls of an `UpstreamEndpoint` may have been. */
export const windowMinutes = { HOUR: 60, DAY: 1_440 } as const;

/** Returns what the Management API answered to the tenant's calls, by endpoint. Makes no call. */
export const upstreamEndpoints = (
  window: keyof typeof windowMinutes,
  { callsOfLast }: RequestContext,
): EndpointCalls[] | Promise<EndpointCalls[]> =>
  mapValue(callsOfLast(windowMinutes[window]), (endpoints) => [...endpoints]);

export const callsWith = ({ byStatus }: EndpointCalls, status: number): number => byStatus.get(status) ?? 0;

/** Returns the calls with a status from `from` to `from + 99`. */
export const callsFrom = ({ byStatus }: EndpointCalls, from: number): number =>
  [...byStatus].reduce(
    (sum, [status, calls]) => (status >= from && status < from + 100 ? sum + calls : sum),
    0,
  );

/** Returns the calls that ended without an answer. */
export const callsWithoutAnswer = ({ calls, byStatus }: EndpointCalls): number =>
  calls - [...byStatus.values()].reduce((sum, answered) => sum + answered, 0);

/** Returns the share of calls with a status of 200 to 299, in percent. */
export const successRate = (endpoint: EndpointCalls): number =>
  (100 * callsFrom(endpoint, 200)) / endpoint.calls;
