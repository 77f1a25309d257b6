import { noObserver, type Observer } from '../telemetry/observer.ts';
import type { CallTracker } from './call-tracker.ts';
import type { Call, Send } from './endpoint.ts';
import { QueueFull } from './errors.ts';

/** A waiting call. It is in the lane of every operation that waits for it. */
interface Turn {
  readonly start: () => void;
  readonly lanes: Set<CallTracker>;
}

/** At most `concurrency` calls are under way at once, and at most `maxQueued` wait for their turn. */
export interface LimitOptions {
  readonly concurrency: number;
  readonly maxQueued: number;
  readonly observer?: Observer;
}

/** Runs the work when it is the call's turn. Throws `QueueFull`, or the reason if the call is cancelled while it waits. */
export type Limit = <T>(call: Call, work: () => Promise<T>) => Promise<T>;

/** Makes each call wait for its turn. Reads and writes of a client share one limit. */
export function withLimit(send: Send, limit: Limit): Send {
  return (request, call) => limit(call, () => send(request, call));
}

/**
 * Limits how many calls of one client are under way at once. Operations take turns, one call each, so that a single
 * lookup does not wait behind the thousand calls of a large page.
 */
export function createLimit({ concurrency, maxQueued, observer = noObserver }: LimitOptions): Limit {
  const lanes = new Map<CallTracker, Set<Turn>>();
  let active = 0;
  let queued = 0;

  const enter = (turn: Turn, tracker: CallTracker) => {
    turn.lanes.add(tracker);
    const lane = lanes.get(tracker);
    if (lane) lane.add(turn);
    else lanes.set(tracker, new Set([turn]));
  };

  const leave = (turn: Turn) => {
    queued--;
    for (const tracker of turn.lanes) {
      const lane = lanes.get(tracker);
      lane?.delete(turn);
      if (lane?.size === 0) lanes.delete(tracker);
    }
  };

  const next = () => {
    while (active < concurrency) {
      const first = lanes.entries().next();
      if (first.done) return;
      const [tracker, lane] = first.value;
      const [turn] = lane;
      // Round robin: the lane moves to the end of the line.
      lanes.delete(tracker);
      lanes.set(tracker, lane);
      if (turn) turn.start();
      else lanes.delete(tracker);
    }
  };

  const waitForTurn = (call: Call) =>
    new Promise<void>((resolve, reject) => {
      const turn: Turn = {
        lanes: new Set(),
        start: () => {
          unsubscribe();
          delete call.onJoin;
          leave(turn);
          active++;
          resolve();
        },
      };
      observer.callQueued(++queued);
      enter(turn, call.tracker);
      call.onJoin = (tracker) => enter(turn, tracker);
      const unsubscribe = call.cancellation.subscribe((reason) => {
        delete call.onJoin;
        leave(turn);
        reject(reason);
      });
    });

  return async (call, work) => {
    if (active < concurrency && queued === 0) active++;
    else if (queued < maxQueued) await waitForTurn(call);
    else {
      observer.queueFull();
      throw new QueueFull(`${maxQueued} upstream calls are waiting already`);
    }
    try {
      return await work();
    } finally {
      active--;
      next();
    }
  };
}
