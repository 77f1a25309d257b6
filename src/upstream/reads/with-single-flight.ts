import { noObserver, type Observer } from '../../telemetry/observer.ts';
import type { CallTracker } from '../call-tracker.ts';
import type { Reads, Send, UpstreamRead } from '../endpoint.ts';
import { NotCached } from '../errors.ts';
import { Flight } from '../flight.ts';
import type { TenantKey } from '../keys/tenant-key.ts';

/** Makes one call of identical reads of one tenant that are under way at the same time. */
export function withSingleFlight(tenant: TenantKey, send: Send, observer: Observer = noObserver): Reads {
  const flights = new Map<string, Flight<unknown>>();

  const start = <T>(cacheKey: string, read: UpstreamRead<T>, tracker: CallTracker): Flight<T> => {
    const flight = new Flight<T>(tracker, ({ call }) => send(read, call));
    flights.set(cacheKey, flight);
    const land = () => {
      if (flights.get(cacheKey) === flight) flights.delete(cacheKey);
    };
    flight.work.then(land, land);
    return flight;
  };

  const fetch = <T>(read: UpstreamRead<T>, tracker: CallTracker): Promise<T> => {
    if (tracker.reason) return Promise.reject(tracker.reason);
    if (tracker.freshness?.onlyIfCached)
      return Promise.reject(new NotCached('no answer is cached that is fresh enough'));
    const cacheKey = tenant + read.path;
    const known = flights.get(cacheKey) as Flight<T> | undefined;
    const isShared = known !== undefined && !known.isCancelled;
    observer.readServed(read.endpoint.route, isShared ? 'flight' : 'call');
    const flight = isShared ? known : start(cacheKey, read, tracker);
    return flight.join(tracker);
  };

  return {
    fetch,
    known: () => undefined,
    version: () => 0,
    // Operations that are waiting already still get their answer.
    invalidate(pathPrefix) {
      for (const cacheKey of flights.keys())
        if (cacheKey.startsWith(tenant + pathPrefix)) flights.delete(cacheKey);
    },
  };
}
