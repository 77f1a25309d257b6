import type { Cancellation } from './cancellation.ts';
import type { Send } from './endpoint.ts';
import { QueueFull } from './errors.ts';
import type { RequestScope } from './request-scope.ts';

interface Turn {
  readonly start: () => void;
  cancelled: boolean;
}

/** At most `concurrency` calls at once; at most `maxQueued` waiting for their turn. */
export interface LimitOptions {
  readonly concurrency: number;
  readonly maxQueued: number;
}

/**
 * Bounds the calls at once of one tenant. Operations take turns, one call each, so that a single lookup does not wait
 * behind the thousand calls of somebody's page.
 */
export function withLimit(send: Send, { concurrency, maxQueued }: LimitOptions): Send {
  const lanes = new Map<RequestScope, Turn[]>();
  let active = 0;
  let queued = 0;

  const next = () => {
    while (active < concurrency) {
      const first = lanes.entries().next();
      if (first.done) return;
      const [scope, turns] = first.value;
      lanes.delete(scope);
      const turn = turns.shift();
      if (turns.length > 0) lanes.set(scope, turns);
      if (!turn || turn.cancelled) continue;
      queued--;
      turn.start();
    }
  };

  const waitForTurn = (scope: RequestScope, cancellation: Cancellation) =>
    new Promise<void>((resolve, reject) => {
      const turn: Turn = {
        cancelled: false,
        start: () => {
          unsubscribe();
          active++;
          resolve();
        },
      };
      const unsubscribe = cancellation.subscribe((reason) => {
        turn.cancelled = true;
        queued--;
        reject(reason);
      });
      queued++;
      const lane = lanes.get(scope);
      if (lane) lane.push(turn);
      else lanes.set(scope, [turn]);
    });

  return async (read, call) => {
    if (active < concurrency && queued === 0) active++;
    else if (queued >= maxQueued) throw new QueueFull(`${maxQueued} upstream calls are waiting already`);
    else await waitForTurn(call.scope, call.cancellation);
    try {
      return await send(read, call);
    } finally {
      active--;
      next();
    }
  };
}
