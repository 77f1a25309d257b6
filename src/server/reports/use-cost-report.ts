import { isAsyncIterable, type Plugin } from 'graphql-yoga';

/** What an operation costs. */
interface Cost {
  /** The most upstream calls that it could cause with nothing cached. */
  readonly calls: number;
  /** The most rows that it could read or return. */
  readonly rows: number;
  /** Points for both, reserved before the first call. */
  readonly points: number;
  /** Points for what was really done, charged in their place; absent while the operation runs. */
  readonly charged?: number;
  /** Points that the caller has left in this minute; absent without a rate limit. */
  readonly remaining?: number;
}

/** Remembers the cost of the operation of a request. */
export class CostReport {
  readonly #costs = new WeakMap<Request, Cost>();

  set(request: Request, cost: Cost): void {
    this.#costs.set(request, cost);
  }

  get(request: Request): Cost | undefined {
    return this.#costs.get(request);
  }
}

/** Reports the cost in `extensions.cost` when the client asks with `X-Cost-Report: 1` or `X-Upstream-Report: 1`. */
export function useCostReport(report: CostReport): Plugin {
  return {
    onResultProcess({ request, result, setResult }) {
      const { headers } = request;
      if (headers.get('x-cost-report') !== '1' && headers.get('x-upstream-report') !== '1') return;
      const cost = report.get(request);
      if (!cost || Array.isArray(result) || isAsyncIterable(result)) return;
      // JSON has no infinity: what is not limited is left out.
      const finite = Object.fromEntries(Object.entries(cost).filter(([, value]) => Number.isFinite(value)));
      setResult({ ...result, extensions: { ...result.extensions, cost: finite } });
    },
  };
}
