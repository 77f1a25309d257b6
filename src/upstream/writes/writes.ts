import type { Observer } from '../../telemetry/observer.ts';
import type { CallTracker } from '../call-tracker.ts';
import { Cancellation } from '../cancellation.ts';
import type { Call, UpstreamWrite } from '../endpoint.ts';
import {
  ClientLeft,
  DeadlineExceeded,
  IdempotencyKeyReused,
  OutcomeUnknown,
  UpstreamConflict,
  UpstreamContractError,
  UpstreamRejected,
  UpstreamUnauthorized,
} from '../errors.ts';
import { type IsLink, readLink, UNUSABLE_LINK } from '../models/link.ts';
import type { Prefilled, PrefilledOrder } from '../models/prefill.ts';
import { untilEnd } from '../until-end.ts';
import type { IdempotencyStore, WriteRef } from './idempotency-store.ts';
import type { SendWrite, Written } from './send-write.ts';
import type { WriteIdentity } from './write-identity.ts';

export interface WritesOptions {
  readonly sendWrite: SendWrite;
  readonly store: IdempotencyStore;
  readonly identity: WriteIdentity;
  /** Called when a write may have changed what reads show. */
  readonly onChange: () => void;
  readonly observer: Observer;
  /** Shared by all tenants of a process: keys may come back as another tenant object while their write is under way. */
  readonly flights: WriteFlights;
  /** Set for keys that only the upstream can prove, see `KeyProof.since`. */
  readonly provedSince: ((moment: number) => Promise<void> | undefined) | undefined;
  /** Which links are passed on; those that were stored are checked again. */
  readonly isLink: IsLink;
}

/** The prefills under way, by tenant and idempotency key as the store knows them. */
export type WriteFlights = Map<string, Flight<Prefilled>>;

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
  prefill(
    write: UpstreamWrite<PrefilledOrder>,
    key: IdempotencyKey,
    tracker: CallTracker,
  ): Promise<Prefilled>;
  /** False when there was nothing to delete. Throws as {@link Writes.prefill}. */
  remove(write: UpstreamWrite<'deleted' | 'absent'>, tracker: CallTracker): Promise<boolean>;
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
  const { sendWrite, store, identity, onChange, observer, flights, provedSince, isLink } = options;
  const running = new Set<Promise<unknown>>();

  const start = <T>(
    fingerprint: string,
    mayBeDone: boolean,
    tracker: CallTracker,
    work: (send: SendOnce, flight: Flight<T>) => Promise<T>,
  ): Flight<T> => {
    const call: Call = { tracker, cancellation: new Cancellation() };
    const send: SendOnce = (write, doubted) =>
      sendWrite(write, call, doubted, () => {
        flight.sent = true;
        flight.mayBeDone = true;
      }).then(
        (written) => {
          onChange();
          return written;
        },
        (error: unknown) => {
          // Refused keys have changed nothing.
          if (!(error instanceof UpstreamUnauthorized)) onChange();
          throw error;
        },
      );
    const promise = Promise.resolve().then(() => work(send, flight));
    const flight: Flight<T> = { fingerprint, call, work: promise, sent: false, mayBeDone, waiters: 0 };
    running.add(promise);
    const land = () => running.delete(promise);
    promise.then(land, land);
    return flight;
  };

  const noteOutcome = (note: Promise<void>) => note.catch((error: unknown) => observer.storeFailed(error));

  const makeOrder = (
    ref: WriteRef,
    write: UpstreamWrite<PrefilledOrder>,
    { isFresh }: IdempotencyKey,
    tracker: CallTracker,
  ) =>
    start<Prefilled>(ref.fingerprint, !isFresh, tracker, async (send, flight) => {
      const claim = await store.claim(ref).catch((cause) => {
        // What became of somebody's own key stands there, and only there.
        throw isFresh ? cause : new OutcomeUnknown('what is known of the key cannot be read', { cause });
      });
      if (claim.state === 'taken') throw new IdempotencyKeyReused('the key belongs to another input');
      if (claim.state === 'refused' || claim.state === 'made') tracker.cached++;
      if (claim.state === 'refused') throw refusedBefore(write, claim.fields);
      if (claim.state === 'made') {
        const { productOrderId, prefillUrl } = claim.order;
        return { productOrderId, prefillUrl: readLink(prefillUrl, isLink), madeAt: claim.at, replayed: true };
      }
      flight.mayBeDone = flight.sent || claim.state === 'open';
      try {
        const { value } = await send(write, claim.state === 'open');
        const { prefilledOrderId: productOrderId, prefillUrl } = value;
        const orderRef = identity.orderOf(productOrderId);
        const link = prefillUrl === UNUSABLE_LINK ? '' : prefillUrl;
        await noteOutcome(store.made(ref, { productOrderId, prefillUrl: link }, orderRef));
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
    prefill(write, key, tracker) {
      const { body = '' } = write;
      const ref = {
        tenant: identity.tenant(),
        key: identity.keyOf(key.value),
        fingerprint: identity.fingerprintOf(key.value, body),
      };
      const name = ref.tenant + ref.key;
      const begin = () => {
        const under = flights.get(name);
        if (tracker.reason) return Promise.reject(inTime(tracker.reason, !key.isFresh));
        if (under && under.fingerprint !== ref.fingerprint)
          return Promise.reject(new IdempotencyKeyReused('the key belongs to another input'));
        if (under) {
          tracker.cached++;
          // It may be the write of other keys of the same caller, whose reads are kept apart from these.
          const order = wait(under, tracker).finally(onChange);
          return order.then((made) => ({ ...made, replayed: true }));
        }
        const flight = makeOrder(ref, { ...write, idempotencyKey: key.value }, key, tracker);
        flights.set(name, flight);
        const land = () => flights.delete(name);
        flight.work.then(land, land);
        return wait(flight, tracker);
      };
      // A key that the gateway has made has no outcome to look up, and its write proves the keys anew: that they were
      // accepted before is enough to let it into the store.
      const proof = provedSince?.(key.isFresh ? Number.NEGATIVE_INFINITY : tracker.startedAt);
      return proof
        ? untilEnd(proof, tracker)
            .catch((error) => notProved(error, key))
            .then(begin)
        : begin();
    },
    remove(write, tracker) {
      if (tracker.reason) return Promise.reject(tracker.reason);
      const flight = start('', false, tracker, async (send) => {
        const { value, doubted } = await send(write, false);
        // It is gone now, and an attempt that was not answered with success may be the reason.
        return value === 'deleted' || doubted;
      });
      return wait(flight, tracker);
    },
    madeAt: (ids) => store.madeAt(ids.map(identity.orderOf)),
    async settled() {
      while (running.size > 0) await Promise.allSettled(running);
    },
  };
}

/** Waits for the write or for the end of the operation, whichever comes first. */
function wait<T>(flight: Flight<T>, tracker: CallTracker): Promise<T> {
  flight.waiters++;
  tracker.waitBegins();
  return new Promise((resolve, reject) => {
    const unsubscribe = tracker.subscribe((reason) => {
      tracker.waitEnds();
      flight.waiters--;
      // As long as somebody else waits for it, it will still be sent.
      reject(inTime(reason, flight.mayBeDone || flight.waiters > 0));
      if (!flight.sent && flight.waiters === 0) flight.call.cancellation.cancel(reason);
    });
    const settle = (done: () => void) => {
      if (tracker.reason) return;
      unsubscribe();
      tracker.waitEnds();
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

// Whether a key was used before must not show to somebody whose keys are not proved: both are answered alike.
function notProved(error: Error, { isFresh }: IdempotencyKey): never {
  const isOver = error instanceof DeadlineExceeded || error instanceof ClientLeft;
  if (isOver) throw inTime(error, !isFresh);
  if (isFresh || error instanceof UpstreamUnauthorized) throw error;
  throw new OutcomeUnknown('what is known of the key cannot be told: the keys were not checked', {
    cause: error,
  });
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
