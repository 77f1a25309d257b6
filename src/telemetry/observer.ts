/** Where the answer to a read came from: kept, shared with an identical read under way, or a call of its own. */
export type ReadSource = 'cache' | 'flight' | 'call';

/** `half-open`: one call is let through, to see whether the endpoint works again. */
export type BreakerState = 'closed' | 'open' | 'half-open';

/**
 * Receives events of the upstream client. Logs, metrics and traces each implement it; the code that reports an event
 * does not know which of them listen. No event carries a value of a client or of the upstream. Methods must not throw.
 */
export interface Observer {
  /** One HTTP call ended, token calls included. `status` is undefined when no complete answer arrived. */
  callEnded(route: string, status: number | undefined, ms: number): void;
  /** A call must wait for its turn; `waiting` calls are in the queue now, this one included. */
  callQueued(waiting: number): void;
  /** A call was refused because the queue is full. */
  queueFull(): void;
  readServed(route: string, source: ReadSource, reads?: number): void;
  /** `attempt` failed and the call is sent again. */
  callRetried(route: string): void;
  /** A call could have been sent again, but the budget for that is used up. */
  retryBudgetExhausted(): void;
  /** The upstream refused a subscription key, and the other one is used from now on. */
  subscriptionKeySwitched(): void;
  /** The limit on calls under way of one client changed. */
  limitChanged(limit: number, before: number): void;
  /** The circuit breaker of an endpoint of one client changed. */
  breakerChanged(route: string, state: BreakerState, before: BreakerState): void;
  /** An answer was returned that is no longer fresh. */
  staleServed(route: string): void;
  /** A field of an answer violates the contract. */
  contractDrift(route: string, field: string): void;
  /** The outcome of a write could not be stored. The write itself is not affected. */
  storeFailed(error: unknown): void;
}

/** Ignores every event; also the base of observers that need only some of them. */
export const noObserver: Observer = {
  callEnded() {},
  callQueued() {},
  queueFull() {},
  readServed() {},
  callRetried() {},
  retryBudgetExhausted() {},
  subscriptionKeySwitched() {},
  limitChanged() {},
  breakerChanged() {},
  staleServed() {},
  contractDrift() {},
  storeFailed() {},
};

/** Returns an observer that passes each event on to all of them. */
export function combineObservers(...observers: readonly Observer[]): Observer {
  const names = Object.keys(noObserver) as (keyof Observer)[];
  const passOn =
    (name: keyof Observer) =>
    (...event: unknown[]) => {
      for (const observer of observers) (observer[name] as (...event: unknown[]) => void)(...event);
    };
  return Object.fromEntries(names.map((name) => [name, passOn(name)])) as unknown as Observer;
}
