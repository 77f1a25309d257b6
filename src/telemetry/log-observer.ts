import type { Log } from './log.ts';
import { noObserver, type Observer } from './observer.ts';

/** Returns an observer that logs what an operator must act on: the first drift of each field, and every store failure. */
export function createLogObserver(log: Log): Observer {
  const drifted = new Set<string>();
  return {
    ...noObserver,
    contractDrift(route, field) {
      const key = `${route} ${field}`;
      if (drifted.has(key)) return;
      drifted.add(key);
      log.warn({ route, field }, 'the upstream violates its contract');
    },
    breakerChanged(route, state) {
      if (state === 'half-open') return;
      const text = state === 'open' ? 'most calls fail: none is sent for a while' : 'calls succeed again';
      log[state === 'open' ? 'warn' : 'info']({ route, breaker: state }, text);
    },
    storeFailed: (err) => log.error({ err }, 'the outcome of a write could not be stored'),
  };
}
