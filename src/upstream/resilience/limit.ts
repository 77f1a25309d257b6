import { noObserver, type Observer } from '../../telemetry/observer.ts';
import type { CallTracker } from '../call-tracker.ts';
import type { Call, Send, UpstreamRead, UpstreamWrite } from '../endpoint.ts';
import { DeadlineExceeded, QueueFull, UpstreamRateLimited, UpstreamUnavailable } from '../errors.ts';
import { createAdaptiveConcurrency } from './adaptive-concurrency.ts';

type Request = Pick<UpstreamRead<unknown> | UpstreamWrite<unknown>, 'endpoint'>;

/** A waiting call. It is in the lane of every operation that waits for it. */
interface Turn {
  readonly start: () => void;
  readonly fail: (error: Error) => void;
  readonly route: string;
  readonly isWrite: boolean;
  readonly lanes: Map<CallTracker, Lanes>;
}

type Lanes = Map<CallTracker, Set<Turn>>;
/** The calls of one class that wait, by their route. */
type Class = Map<string, Lanes>;

/** The calls of one route of the upstream's API. */
interface RouteCalls {
  active: number;
  queued: number;
}

/** Bounds of one client. */
export interface LimitOptions {
  /** Calls under way at once, at most. 429s, time-outs and slow answers lower it for a while. */
  readonly concurrency: number;
  /** Calls that may wait for their turn. */
  readonly maxQueued: number;
  readonly observer?: Observer;
  /** A monotonic clock in milliseconds. */
  readonly now?: () => number;
}

/**
 * Runs the work when it is the call's turn. Throws `QueueFull`, `UpstreamRateLimited` and `DeadlineExceeded` for a call
 * that cannot be sent in time, or the reason if the call is cancelled while it waits.
 */
export type Limit = <T>(request: Request, call: Call, work: () => Promise<T>) => Promise<T>;

/** Makes each call wait for its turn. Reads and writes of a client share one limit. */
export function withLimit(send: Send, limit: Limit): Send {
  return (request, call) => limit(request, call, () => send(request, call));
}

/** Background calls may take this part of the limit, so that a caller's call finds a free place. */
const BACKGROUND_SHARE = 0.5;
/** More are not started in one turn of the event loop: when a circuit is open, each of them fails at once. */
const MOST_STARTS_PER_TURN = 32;
/** This part of the limit is for reads of routes of which few calls are under way. Writes take any place. */
const RESERVE_SHARE = 1 / 8;
/** Of fewer places, none is kept free. */
const LEAST_FOR_RESERVE = 16;

/**
 * Limits how many calls of one client are under way at once. Writes of callers go first, then their reads, then background
 * work. Within a class, routes take turns, and on a route operations do, one call each, so that a single lookup does not
 * wait behind the thousand calls of a large page. A route that does not answer cannot take every place: the last ones are
 * given to a route of many calls only as it answers. After a 429 with `Retry-After`, no call is sent for that time.
 */
export function createLimit(options: LimitOptions): Limit {
  const { concurrency: most, maxQueued, observer = noObserver, now = () => performance.now() } = options;
  const concurrency = createAdaptiveConcurrency(most, now);
  const [writes, reads, background]: [Class, Class, Class] = [new Map(), new Map(), new Map()];
  const classes = [writes, reads, background];
  const routes = new Map<string, RouteCalls>();
  let active = 0;
  let queued = 0;
  /** In this turn of the event loop. */
  let starts = 0;
  let heldUntil = 0;
  let release: NodeJS.Timeout | undefined;
  let shownLimit = most;

  const callsOf = (route: string): RouteCalls => {
    const known = routes.get(route);
    if (known) return known;
    const calls = { active: 0, queued: 0 };
    routes.set(route, calls);
    return calls;
  };

  const classOf = ({ priority }: CallTracker, isWrite: boolean): Class => {
    if (priority === 'background') return background;
    return isWrite ? writes : reads;
  };

  const lanesFor = ({ route, isWrite }: Turn, tracker: CallTracker): Lanes => {
    const ofClass = classOf(tracker, isWrite);
    const known = ofClass.get(route);
    if (known) return known;
    const lanes: Lanes = new Map();
    ofClass.set(route, lanes);
    return lanes;
  };

  const enter = (turn: Turn, tracker: CallTracker) => {
    const lanes = lanesFor(turn, tracker);
    turn.lanes.set(tracker, lanes);
    const lane = lanes.get(tracker);
    if (lane) lane.add(turn);
    else lanes.set(tracker, new Set([turn]));
  };

  const leave = (turn: Turn) => {
    queued--;
    callsOf(turn.route).queued--;
    for (const [tracker, lanes] of turn.lanes) {
      const lane = lanes.get(tracker);
      lane?.delete(turn);
      if (lane?.size === 0) lanes.delete(tracker);
    }
  };

  /** `answered` is the route of the call that has just been answered. */
  const mayStart = (ofClass: Class, route: string, answered?: string) => {
    const { current } = concurrency;
    if (now() < heldUntil || active >= current) return false;
    if (ofClass === background) return active < Math.ceil(current * BACKGROUND_SHARE);
    const hasReserve = ofClass === reads && current >= LEAST_FOR_RESERVE;
    const reserve = hasReserve ? Math.floor(current * RESERVE_SHARE) : 0;
    return active < current - reserve || route === answered || callsOf(route).active < reserve;
  };

  /** Starts the next call of a class. Returns whether there was one that may start. */
  const startNext = (ofClass: Class, answered?: string): boolean => {
    for (const [route, lanes] of ofClass) {
      const first = lanes.entries().next();
      if (first.done || !mayStart(ofClass, route, answered)) continue;
      const [tracker, lane] = first.value;
      const [turn] = lane;
      // Round robin: the route and the lane move to the end of their lines.
      ofClass.delete(route);
      ofClass.set(route, lanes);
      lanes.delete(tracker);
      lanes.set(tracker, lane);
      if (turn) turn.start();
      else lanes.delete(tracker);
      return true;
    }
    return false;
  };

  const next = (answered?: string) => {
    for (const ofClass of classes)
      while (starts < MOST_STARTS_PER_TURN && startNext(ofClass, answered))
        if (++starts === 1) setImmediate(nextTurn);
  };
  const nextTurn = () => {
    const isMore = starts >= MOST_STARTS_PER_TURN;
    starts = 0;
    if (isMore) next();
  };

  /** Returns the error of a call that could not be answered before its deadline; undefined if it still can. */
  const tooLate = (route: string, deadline: number): Error | undefined => {
    const heldMs = heldUntil - now();
    if (heldMs > 0 && heldUntil > deadline)
      return new UpstreamRateLimited('held back after a 429', { route, retryAfterMs: Math.ceil(heldMs) });
    if (heldMs <= 0 && now() + concurrency.fastest(route) > deadline)
      return new DeadlineExceeded('a call could not be answered before the deadline');
    return undefined;
  };

  const hold = (ms: number) => {
    if (now() + ms <= heldUntil) return;
    heldUntil = now() + ms;
    clearTimeout(release);
    release = setTimeout(() => next(), ms).unref();
    const waiting = classes.flatMap((routesOf) =>
      [...routesOf.values()].flatMap((lanes) => [...lanes.values()]),
    );
    for (const turn of new Set(waiting.flatMap((lane) => [...lane]))) {
      const error = tooLate(turn.route, deadlineOf(turn.lanes.keys()));
      if (error) turn.fail(error);
    }
  };

  const learn = (route: string, sentAt: number, error?: unknown) => {
    if (error instanceof UpstreamRateLimited) {
      concurrency.refused(sentAt);
      if (error.retryAfterMs !== undefined) hold(error.retryAfterMs);
    } else if (error instanceof UpstreamUnavailable && error.reason === 'timeout')
      concurrency.timedOut(sentAt);
    else if (error === undefined) concurrency.answered(route, sentAt, active);
    if (concurrency.current === shownLimit) return;
    const before = shownLimit;
    shownLimit = concurrency.current;
    observer.limitChanged(shownLimit, before);
  };

  const waitForTurn = (route: string, isWrite: boolean, call: Call) =>
    new Promise<void>((resolve, reject) => {
      const end = () => {
        unsubscribe();
        delete call.onJoin;
        leave(turn);
      };
      const fail = (error: Error) => {
        end();
        reject(error);
      };
      const turn: Turn = {
        route,
        isWrite,
        lanes: new Map(),
        fail,
        start: () => {
          const error = tooLate(route, deadlineOf(turn.lanes.keys()));
          if (error) return fail(error);
          end();
          active++;
          callsOf(route).active++;
          resolve();
        },
      };
      observer.callQueued(++queued);
      callsOf(route).queued++;
      enter(turn, call.tracker.lane);
      call.onJoin = (tracker) => enter(turn, tracker.lane);
      // Assigned first: the reason may be there already.
      let unsubscribe = () => {};
      unsubscribe = call.cancellation.subscribe(fail);
      // Background work may wait while there is a place for a caller.
      if (!call.cancellation.reason) next();
    });

  return async (request, call, work) => {
    const { route } = request.endpoint;
    const isWrite = 'method' in request;
    const error = tooLate(route, call.tracker.deadline);
    if (error) throw error;
    const calls = callsOf(route);
    // What waits for another route waits because it may not start.
    if (calls.queued === 0 && mayStart(classOf(call.tracker, isWrite), route)) {
      active++;
      calls.active++;
    } else if (queued < maxQueued) await waitForTurn(route, isWrite, call);
    else {
      observer.queueFull();
      throw new QueueFull(`${maxQueued} upstream calls are waiting already`);
    }
    const sentAt = now();
    let answered: string | undefined;
    try {
      const value = await work();
      learn(route, sentAt);
      answered = route;
      return value;
    } catch (failure) {
      learn(route, sentAt, failure);
      throw failure;
    } finally {
      active--;
      calls.active--;
      next(answered);
    }
  };
}

/** Returns the latest deadline of the operations that wait for a call. */
const deadlineOf = (trackers: Iterable<CallTracker>) =>
  Math.max(...[...trackers].map(({ deadline }) => deadline));
