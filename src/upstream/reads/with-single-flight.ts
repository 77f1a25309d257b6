import { noObserver, type Observer } from '../../telemetry/observer.ts';
import type { CallTracker } from '../call-tracker.ts';
import { Cancellation } from '../cancellation.ts';
import type { Call, Reads, Send, UpstreamRead } from '../endpoint.ts';
import type { TenantKey } from '../keys/tenant-key.ts';

interface Flight {
  readonly promise: Promise<unknown>;
  readonly call: Call;
  waiters: number;
}

/**
 * Identical reads under way are one call. The flight owns the call: the first waiter may leave without hurting the
 * others, and only when the last one has left is the call cancelled. One instance serves one tenant, whose key begins every entry.
 */
export function withSingleFlight(tenant: TenantKey, send: Send, observer: Observer = noObserver): Reads {
  const flights = new Map<string, Flight>();

  const fetch = <T>(read: UpstreamRead<T>, tracker: CallTracker): Promise<T> => {
    if (tracker.reason) return Promise.reject(tracker.reason);
    const place = tenant + read.path;
    let flight = flights.get(place);
    observer.readServed(read.endpoint.route, flight ? 'flight' : 'call');
    if (flight) {
      tracker.cached++;
      flight.call.onJoin?.(tracker);
    } else {
      const call: Call = { tracker, cancellation: new Cancellation() };
      flight = { promise: send(read, call), call, waiters: 0 };
      flights.set(place, flight);
    }
    return join(flight, tracker, () => {
      if (flights.get(place) === flight) flights.delete(place);
    }) as Promise<T>;
  };

  return {
    fetch,
    // Those who wait already still get their answer.
    invalidate(pathPrefix) {
      for (const place of flights.keys()) if (place.startsWith(tenant + pathPrefix)) flights.delete(place);
    },
  };
}

function join(flight: Flight, tracker: CallTracker, forget: () => void): Promise<unknown> {
  flight.waiters++;
  tracker.waitBegins();
  return new Promise((resolve, reject) => {
    const unsubscribe = tracker.subscribe((reason) => {
      tracker.waitEnds();
      reject(reason);
      if (--flight.waiters > 0) return;
      forget();
      flight.call.cancellation.cancel(reason);
    });
    const settle = (done: () => void) => {
      forget();
      if (tracker.reason) return;
      unsubscribe();
      tracker.waitEnds();
      done();
    };
    flight.promise.then(
      (value) => settle(() => resolve(value)),
      (error) => settle(() => reject(error)),
    );
  });
}
