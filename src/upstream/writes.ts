import { Cancellation } from './cancellation.ts';
import type { Call, UpstreamWrite } from './endpoint.ts';
import {
  ClientLeft,
  DeadlineExceeded,
  IdempotencyKeyReused,
  OutcomeUnknown,
  UpstreamConflict,
  UpstreamContractError,
  UpstreamRejected,
} from './errors.ts';
import type { Prefilled, PrefilledOrder } from './models/prefill.ts';
import type { OutcomeStore, WriteRef } from './outcome-store.ts';
import type { RequestScope } from './request-scope.ts';
import type { SendWrite, Written } from './send-write.ts';
import type { WriteIdentity } from './write-identity.ts';

export interface WritesOptions {
  readonly sendWrite: SendWrite;
  readonly store: OutcomeStore;
  readonly identity: WriteIdentity;
  /** Called when a write may have changed what reads show. */
  readonly onChange: () => void;
  /** Told when an outcome could not be stored: the write itself stands. */
  readonly onStoreFailure: (error: unknown) => void;
}

/** A key and where it comes from. */
export interface IdempotencyKey {
  readonly value: string;
  /** Made for this write, so that nobody can have used it before. */
  readonly isFresh: boolean;
}

/** The writes of one tenant. */
export interface Writes {
  /**
   * Makes an order, once for each key. Throws `IdempotencyKeyReused`, `OutcomeUnknown`, `UpstreamRejected` for an input
   * that the upstream refused, and other errors when certainly no order was made with the key.
   */
  prefill(write: UpstreamWrite<PrefilledOrder>, key: IdempotencyKey, scope: RequestScope): Promise<Prefilled>;
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
  /** From then on the write goes on without its waiters. */
  sent: boolean;
  /** What it would do may have been done: by itself, or by an earlier write with its key. */
  mayBeDone: boolean;
  waiters: number;
}

type SendOnce = <A>(write: UpstreamWrite<A>, doubted: boolean) => Promise<Written<A>>;

/**
 * A write belongs to nobody once it is sent: its caller may leave or run out of time, it is carried to its end and its
 * outcome is stored. Until then, while it waits for its turn, it goes with its last waiter.
 */
export function createWrites(options: WritesOptions): Writes {
  const { sendWrite, store, identity, onChange, onStoreFailure } = options;
  const flights = new Map<string, Flight<Prefilled>>();
  const running = new Set<Promise<unknown>>();

  const start = <T>(
    fingerprint: string,
    mayBeDone: boolean,
    scope: RequestScope,
    work: (send: SendOnce, flight: Flight<T>) => Promise<T>,
  ): Flight<T> => {
    const call: Call = { scope, cancellation: new Cancellation() };
    const send: SendOnce = (write, doubted) =>
      sendWrite(write, call, doubted, () => {
        flight.sent = true;
        flight.mayBeDone = true;
      }).finally(onChange);
    const promise = Promise.resolve().then(() => work(send, flight));
    const flight: Flight<T> = { fingerprint, call, work: promise, sent: false, mayBeDone, waiters: 0 };
    running.add(promise);
    const land = () => running.delete(promise);
    promise.then(land, land);
    return flight;
  };

  const noteOutcome = (note: Promise<void>) => note.catch(onStoreFailure);

  const makeOrder = (
    ref: WriteRef,
    write: UpstreamWrite<PrefilledOrder>,
    { isFresh }: IdempotencyKey,
    scope: RequestScope,
  ) =>
    start<Prefilled>(ref.fingerprint, !isFresh, scope, async (send, flight) => {
      const claim = await store.claim(ref).catch((cause) => {
        // What became of somebody's own key stands there, and only there.
        throw isFresh ? cause : new OutcomeUnknown('what is known of the key cannot be read', { cause });
      });
      if (claim.state === 'taken') throw new IdempotencyKeyReused('the key belongs to another input');
      if (claim.state === 'refused' || claim.state === 'made') scope.cached++;
      if (claim.state === 'refused') throw refusedBefore(write, claim.fields);
      if (claim.state === 'made') return { ...claim.order, madeAt: claim.at, replayed: true };
      flight.mayBeDone = flight.sent || claim.state === 'open';
      try {
        const { value } = await send(write, claim.state === 'open');
        const { prefilledOrderId: productOrderId, prefillUrl } = value;
        const orderRef = identity.orderOf(productOrderId);
        await noteOutcome(store.made(ref, { productOrderId, prefillUrl }, orderRef));
        return { productOrderId, prefillUrl, madeAt: claim.at, replayed: claim.state === 'open' };
      } catch (error) {
        if (error instanceof UpstreamRejected) {
          const names = (error.problem?.extraDetails ?? []).map(({ name }) => name);
          await noteOutcome(store.refused(ref, names));
          throw error;
        }
        if (error instanceof OutcomeUnknown) throw error;
        // Sent before, and not answered then: that this attempt did not get through says nothing of that one.
        if (claim.state === 'open') throw new OutcomeUnknown('sent before, and not now', { cause: error });
        await noteOutcome(store.release(ref, claim.token));
        throw error instanceof UpstreamConflict ? conflict(error, isFresh) : error;
      }
    });

  return {
    prefill(write, key, scope) {
      const { body = '' } = write;
      const ref = {
        tenant: identity.tenant(),
        key: identity.keyOf(key.value),
        fingerprint: identity.fingerprintOf(key.value, body),
      };
      const under = flights.get(ref.key);
      if (scope.reason) return Promise.reject(inTime(scope.reason, !key.isFresh));
      if (under && under.fingerprint !== ref.fingerprint)
        return Promise.reject(new IdempotencyKeyReused('the key belongs to another input'));
      if (under) {
        scope.cached++;
        return wait(under, scope).then((order) => ({ ...order, replayed: true }));
      }
      const flight = makeOrder(ref, { ...write, idempotencyKey: key.value }, key, scope);
      flights.set(ref.key, flight);
      const land = () => flights.delete(ref.key);
      flight.work.then(land, land);
      return wait(flight, scope);
    },
    remove(write, scope) {
      if (scope.reason) return Promise.reject(scope.reason);
      const flight = start('', false, scope, async (send) => {
        const { value, doubted } = await send(write, false);
        // It is gone now, and an attempt that was not answered with success may be the reason.
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
      // As long as somebody else waits for it, it will still be sent.
      reject(inTime(reason, flight.mayBeDone || flight.waiters > 0));
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

// Who waits no longer for what may be done must not be told that it was not.
function inTime(reason: Error, mayBeDone: boolean): Error {
  const isOver = reason instanceof DeadlineExceeded || reason instanceof ClientLeft;
  return mayBeDone && isOver ? new OutcomeUnknown('nobody waits any longer', { cause: reason }) : reason;
}

// A key that was made for this write belongs to no other input, whatever the upstream says.
function conflict(error: UpstreamConflict, isFresh: boolean): Error {
  const { route, status, problem } = error;
  return isFresh
    ? new UpstreamContractError('a conflict about a new key', { route, status, problem, cause: error })
    : new IdempotencyKeyReused('the upstream knows the key for another input', { cause: error });
}

function refusedBefore({ endpoint }: UpstreamWrite<unknown>, names: readonly string[]): UpstreamRejected {
  const extraDetails = names.map((name) => ({ name, reason: '' }));
  return new UpstreamRejected('was refused before', {
    route: endpoint.route,
    problem: { writtenBy: 'api', extraDetails },
  });
}
