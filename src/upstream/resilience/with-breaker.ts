import type { Observer } from '../../telemetry/observer.ts';
import type { Send } from '../endpoint.ts';
import { UpstreamUnavailable } from '../errors.ts';
import { CircuitBreaker, type Verdict } from './circuit-breaker.ts';

/** The part of the Management API that fails together: `sales-units` of `GET /management/v1/sales-units/{msn}`. */
export function endpointGroup(route: string): string {
  const [, group = 'other'] = /^\w+ \/management\/v\d+\/([\w-]+)/.exec(route) ?? [];
  return group;
}

/** Gives each group of endpoints of one client a circuit breaker. */
export function withBreaker(send: Send, observer: Observer): Send {
  const byRoute = new Map<string, CircuitBreaker>();
  const byGroup = new Map<string, CircuitBreaker>();
  const breakerOf = (route: string) => {
    let breaker = byRoute.get(route);
    if (breaker) return breaker;
    const group = endpointGroup(route);
    breaker =
      byGroup.get(group) ??
      new CircuitBreaker({ judge, onChange: (state) => observer.breakerChanged(group, state) });
    byGroup.set(group, breaker);
    byRoute.set(route, breaker);
    return breaker;
  };
  return (request, call) => {
    const { route } = request.endpoint;
    return breakerOf(route).run(route, () => send(request, call));
  };
}

/** A 4xx shows that the upstream works, whatever it thinks of the request. */
function judge(error: unknown): Verdict {
  if (error instanceof UpstreamUnavailable)
    return error.status === undefined || error.status >= 500 ? 'outage' : 'healthy';
  return error instanceof Error && 'route' in error ? 'healthy' : 'ignored';
}
