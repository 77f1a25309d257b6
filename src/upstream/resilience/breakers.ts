import type { Observer } from '../../telemetry/observer.ts';
import type { Send } from '../endpoint.ts';
import { UpstreamUnavailable } from '../errors.ts';
import { CircuitBreaker, type Verdict } from './circuit-breaker.ts';
import type { Restarts } from './restarts.ts';

/**
 * A circuit breaker for each endpoint of one client. A coarser group would take the list of sales units away when only
 * their details fail. A restart of the upstream opens none.
 */
export interface Breakers {
  watch(send: Send): Send;
  /** Whether the next call of a route would not be sent. */
  isOpen(route: string): boolean;
}

export function createBreakers(restarts: Restarts, observer: Observer): Breakers {
  const judge = (error: unknown) => (restarts.isRestart(error) ? 'ignored' : verdictOn(error));
  const breakers = new Map<string, CircuitBreaker>();
  return {
    watch: (send) => (request, call) => {
      const { route } = request.endpoint;
      let breaker = breakers.get(route);
      if (!breaker) {
        breaker = new CircuitBreaker({
          judge,
          onChange: (state, before) => observer.breakerChanged(route, state, before),
        });
        breakers.set(route, breaker);
      }
      return breaker.run(route, () => send(request, call));
    },
    isOpen: (route) => breakers.get(route)?.state === 'open',
  };
}

/** A 4xx shows that the upstream works, whatever it thinks of the request. */
function verdictOn(error: unknown): Verdict {
  if (error instanceof UpstreamUnavailable)
    return error.status === undefined || error.status >= 500 ? 'outage' : 'healthy';
  return error instanceof Error && 'route' in error ? 'healthy' : 'ignored';
}
