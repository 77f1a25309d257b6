import { Cancellation } from './cancellation.ts';
import type { Call, Operation, UpstreamWrite } from './endpoint.ts';
import { DeadlineExceeded, IdempotencyKeyReused, OutcomeUnknown, UpstreamRejected } from './errors.ts';
import type { Prefilled, PrefilledOrder } from './models/prefill.ts';
import type { OutcomeStore, WriteRef } from './outcome-store.ts';
import type { RequestScope } from './request-scope.ts';
import type { SendWrite, Written } from './send-write.ts';
import type { Limit } from './with-limit.ts';
import type { WriteIdentity } from './write-identity.ts';

export interface WritesOptions {
  readonly limit: Limit;
  readonly sendWrite: SendWrite;
  readonly store: OutcomeStore;
  readonly identity: WriteIdentity;
  /** Called when a write may have changed what reads show. */
  readonly onChange: () => void;
  /** Told when an outcome could not be stored: the write itself stands. */
  readonly onStoreFailure: (error: unknown) => void;
}

/** The writes of one tenant. */
export interface Writes {
  /**
   * Makes an order, once for each key. Throws `IdempotencyKeyReused`, `OutcomeUnknown`, `UpstreamRejected` for an input
   * that the upstream refused, and other errors when certainly no order was made.
   */
  prefill(write: UpstreamWrite<PrefilledOrder>, scope: RequestScope): Promise<Prefilled>;
  /** False when there was nothing to delete. Throws as {@link Writes.prefill}. */
  remove(write: UpstreamWrite<'deleted' | 'absent'>, scope: RequestScope): Promise<boolean>;
  /** When these orders were made, in milliseconds since 1970; undefined for those that were not made here. */
  madeAt(productOrderIds: readonly string[]): Promise<readonly (number | undefined)[]>;
  /** Resolves when no write is under way any more. */
  settled(): Promise<void>;
}

interface Flight<T> {
  readonly fingerprint: string;
  readonly call: Call;
  readonly work: Promise<T>;
  sent: boolean;
  waiters: number;
}

/**
 * A write belongs to nobody once it is sent: its caller may leave or run out of time, it is carried to its end and its
 * outcome is stored. Until then, while it waits for its turn, it goes with its last waiter.
 */
export function createWrites(options: WritesOptions): Writes {
  const { limit, sendWrite, store, identity, onChange, onStoreFailure } = options;
  const flights = new Map<string, Flight<Prefilled>>();
  const running = new Set<Promise<unknown>>();

  const start = <T>(
    fingerprint: string,
    scope: RequestScope,
    work: (send: <A>(write: UpstreamWrite<A>, doubted: boolean) => Promise<Written<A>>) => Promise<T>,
  ): Flight<T> => {
    const call: Call = { scope, cancellation: new Cancellation() };
    const send = <A>(write: UpstreamWrite<A>, doubted: boolean) =>
      limit(call, () => {
        if (call.cancellation.reason) throw call.cancellation.reason;
        flight.sent = true;
        return sendWrite(write, call, doubted).finally(onChange);
      });
    const promise = Promise.resolve().then(() => work(send));
    const flight: Flight<T> = { fingerprint, call, work: promise, sent: false, waiters: 0 };
    running.add(promise);
    promise.then(
      () => running.delete(promise),
      () => running.delete(promise),
    );
    return flight;
  };

  const noteOutcome = (note: Promise<void>) => note.catch(onStoreFailure);

  const makeOrder = (ref: WriteRef, write: UpstreamWrite<PrefilledOrder>, scope: RequestScope) =>
    start<Prefilled>(ref.fingerprint, scope, async (send) => {
      const claim = await store.claim(ref);
      if (claim.state === 'taken') throw new IdempotencyKeyReused('the key belongs to another input');
      if (claim.state === 'refused') throw refusal(write.endpoint, claim.fields);
      if (claim.state === 'made') return { ...claim.order, madeAt: claim.at, replayed: true };
      try {
        const { value } = await send(write, claim.state === 'open');
        const { prefilledOrderId: productOrderId, prefillUrl } = value;
        const orderRef = identity.orderOf(productOrderId);
        await noteOutcome(store.made(ref, { productOrderId, prefillUrl }, orderRef));
        return { productOrderId, prefillUrl, madeAt: claim.at, replayed: claim.state === 'open' };
      } catch (error) {
        if (error instanceof UpstreamRejected)
          await noteOutcome(store.refused(ref, error.problem?.extraDetails ?? []));
        else if (!(error instanceof OutcomeUnknown) && claim.state === 'new')
          await noteOutcome(store.release(ref));
        throw error;
      }
    });

  return {
    prefill(write, scope) {
      if (scope.reason) return Promise.reject(scope.reason);
      const { idempotencyKey = '', body = '' } = write;
      const ref = {
        tenant: identity.tenant(),
        key: identity.keyOf(idempotencyKey),
        fingerprint: identity.fingerprintOf(idempotencyKey, body),
      };
      const under = flights.get(ref.key);
      if (under && under.fingerprint !== ref.fingerprint)
        return Promise.reject(new IdempotencyKeyReused('the key belongs to another input'));
      if (under) return wait(under, scope).then((order) => ({ ...order, replayed: true }));
      const flight = makeOrder(ref, write, scope);
      flights.set(ref.key, flight);
      const land = () => flights.delete(ref.key);
      flight.work.then(land, land);
      return wait(flight, scope);
    },
    remove(write, scope) {
      if (scope.reason) return Promise.reject(scope.reason);
      const flight = start('', scope, async (send) => {
        const { value, doubted } = await send(write, false);
        // It is gone now, and an attempt that was not answered may be the reason.
        return value === 'deleted' || doubted;
      });
      return wait(flight, scope);
    },
    madeAt: (ids) => store.madeAt(ids.map(identity.orderOf)),
    async settled() {
      while (running.size > 0) await Promise.allSettled(running);
    },
  };
}

/** Waits for the write or for the end of the operation, whichever comes first. */
function wait<T>(flight: Flight<T>, scope: RequestScope): Promise<T> {
  flight.waiters++;
  scope.waitBegins();
  return new Promise((resolve, reject) => {
    const unsubscribe = scope.subscribe((reason) => {
      scope.waitEnds();
      flight.waiters--;
      const late = flight.sent && reason instanceof DeadlineExceeded;
      reject(late ? new OutcomeUnknown('the write is still under way', { cause: reason }) : reason);
      if (!flight.sent && flight.waiters === 0) flight.call.cancellation.cancel(reason);
    });
    const settle = (done: () => void) => {
      if (scope.reason) return;
      unsubscribe();
      scope.waitEnds();
      flight.waiters--;
      done();
    };
    flight.work.then(
      (value) => settle(() => resolve(value)),
      (error) => settle(() => reject(error)),
    );
  });
}

function refusal(
  { route }: Operation<unknown>,
  extraDetails: readonly { readonly name: string; readonly reason: string }[],
): UpstreamRejected {
  return new UpstreamRejected('was refused before', {
    route,
    problem: { writtenBy: 'api', extraDetails },
  });
}
