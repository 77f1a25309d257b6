import type { CallTracker } from '../call-tracker.ts';
import type { UpstreamWrite } from '../endpoint.ts';
import { IdempotencyKeyReused } from '../errors.ts';
import type { Prefilled, PrefilledOrder } from '../models/prefill.ts';
import { untilEnd } from '../until-end.ts';
import { createOrderOnce, type OrderOnceOptions } from './order-once.ts';
import type { SendWrite } from './send-write.ts';
import { endError, throwNotProved } from './write-errors.ts';
import { createWriteStarter, joinWrite, type WriteFlight } from './write-flight.ts';

export interface WritesOptions extends OrderOnceOptions {
  readonly sendWrite: SendWrite;
  /** Called when a write may have changed what reads return. */
  readonly onChange: () => void;
  /** Shared by all clients of a process: the client of the same keys may be created anew while a write is under way. */
  readonly flights: WriteFlights;
  /** Set for keys that only the upstream can prove, see `KeyProof.since`. */
  readonly provedSince: ((moment: number) => Promise<void> | undefined) | undefined;
}

/** The prefills under way, by the tenant and the idempotency key as the store knows them. */
export type WriteFlights = Map<string, WriteFlight<Prefilled>>;

/** A key and where it comes from. */
export interface IdempotencyKey {
  readonly value: string;
  /** Created for this write, so that nobody can have used it before. */
  readonly isFresh: boolean;
}

/** The writes of one client. */
export interface Writes {
  /**
   * Creates an order, once for each key. Throws `IdempotencyKeyReused`, `OutcomeUnknown`, `UpstreamRejected` for an input
   * that the upstream refused, and other errors only when certainly no order was created with the key.
   */
  prefill(
    write: UpstreamWrite<PrefilledOrder>,
    key: IdempotencyKey,
    tracker: CallTracker,
  ): Promise<Prefilled>;
  /** Returns false when there was nothing to delete. Throws as {@link Writes.prefill}. */
  remove(write: UpstreamWrite<'deleted' | 'absent'>, tracker: CallTracker): Promise<boolean>;
  /** Returns the id of the order that a key created; waits for one that is being created. Throws as {@link Writes.prefill}. */
  orderOfKey(idempotencyKey: string, tracker: CallTracker): Promise<string | undefined>;
  /** Returns when these orders were created, in milliseconds since 1970; undefined for those created elsewhere. */
  madeAt(productOrderIds: readonly string[]): Promise<readonly (number | undefined)[]>;
  /** Resolves when no write is under way any more. */
  settled(): Promise<void>;
}

/**
 * Once a write is sent it belongs to no operation: its caller may leave or run out of time, but the write is carried to
 * its end and its outcome is stored. Before that, while it waits for its turn, it is cancelled with its last waiter.
 */
export function createWrites(options: WritesOptions): Writes {
  const { sendWrite, store, identity, onChange, flights, provedSince } = options;
  const { start, settled } = createWriteStarter(sendWrite, onChange);
  const orderOnce = createOrderOnce(options);

  return {
    prefill(write, key, tracker) {
      const { isFresh } = key;
      const ref = {
        tenant: identity.tenant(),
        key: identity.keyOf(key.value),
        fingerprint: identity.fingerprintOf(key.value, write.body ?? ''),
      };
      const name = ref.tenant + ref.key;
      const begin = () => {
        const known = flights.get(name);
        if (tracker.reason) return Promise.reject(endError(tracker.reason, !isFresh));
        if (known && known.fingerprint !== ref.fingerprint)
          return Promise.reject(new IdempotencyKeyReused('the key belongs to another input'));
        if (known) {
          // It may have been started by another client of the same caller, whose cached reads are separate from these.
          const order = joinWrite(known, tracker).finally(onChange);
          return order.then((made) => ({ ...made, replayed: true }));
        }
        const request = { ref, write: { ...write, idempotencyKey: key.value }, isFresh, tracker };
        const initial = { fingerprint: ref.fingerprint, mayHaveSucceeded: !isFresh };
        const started = start<Prefilled>(tracker, initial, (send, flight) =>
          orderOnce(request, send, flight),
        );
        flights.set(name, started);
        const land = () => flights.delete(name);
        started.flight.work.then(land, land);
        return joinWrite(started, tracker);
      };
      // A fresh key has no stored outcome to protect, and its write proves the keys anew: keys that were accepted at any
      // earlier time may use the store.
      const proof = provedSince?.(isFresh ? Number.NEGATIVE_INFINITY : tracker.startedAt);
      return proof
        ? untilEnd(proof, tracker)
            .catch((error) => throwNotProved(error, isFresh))
            .then(begin)
        : begin();
    },
    remove(write, tracker) {
      if (tracker.reason) return Promise.reject(tracker.reason);
      const started = start(tracker, { fingerprint: '', mayHaveSucceeded: false }, async (send) => {
        const { value, mayHaveSucceeded } = await send(write, false);
        // It is gone now, and an attempt that was not answered with success may be the reason.
        return value === 'deleted' || mayHaveSucceeded;
      });
      return joinWrite(started, tracker);
    },
    async orderOfKey(idempotencyKey, tracker) {
      const ref = { tenant: identity.tenant(), key: identity.keyOf(idempotencyKey) };
      const proof = provedSince?.(tracker.startedAt);
      if (proof) await untilEnd(proof, tracker);
      const known = flights.get(ref.tenant + ref.key);
      if (known) return (await joinWrite(known, tracker)).productOrderId;
      return store.orderOf(ref);
    },
    madeAt: (ids) => store.madeAt(ids.map(identity.orderOf)),
    settled,
  };
}
