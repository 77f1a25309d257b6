import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import { type Cost, stateOf } from '../request-state.ts';

/** Reports the cost in `extensions.cost` when the client asks with `X-Cost-Report: 1` or `X-Upstream-Report: 1`. */
export function useCostReport(): Plugin {
  return {
    onResultProcess({ request, result, setResult }) {
      const { headers } = request;
      if (headers.get('x-cost-report') !== '1' && headers.get('x-upstream-report') !== '1') return;
      const { cost } = stateOf(request);
      if (!cost || Array.isArray(result) || isAsyncIterable(result)) return;
      setResult({ ...result, extensions: { ...result.extensions, cost: costReport(cost) } });
    },
  };
}

/** Returns what a client reads of a cost. JSON has no infinity, so values without a limit are left out. */
export const costReport = (cost: Cost): object =>
  Object.fromEntries(Object.entries(cost).filter(([, value]) => Number.isFinite(value)));
