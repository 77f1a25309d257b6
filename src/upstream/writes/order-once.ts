import type { Observer } from '../../telemetry/observer.ts';
import type { CallTracker } from '../call-tracker.ts';
import type { UpstreamWrite } from '../endpoint.ts';
import { IdempotencyKeyReused, OutcomeUnknown, UpstreamConflict, UpstreamRejected } from '../errors.ts';
import { type IsLink, readLink, UNUSABLE_LINK } from '../models/link.ts';
import type { Prefilled, PrefilledOrder } from '../models/prefill.ts';
import type { IdempotencyStore, WriteRef } from './idempotency-store.ts';
import { conflictError, refusedFields, storedRefusal } from './write-errors.ts';
import type { SendInFlight, WriteFlight } from './write-flight.ts';
import type { WriteIdentity } from './write-identity.ts';

export interface OrderOnceOptions {
  readonly store: IdempotencyStore;
  readonly identity: WriteIdentity;
  readonly observer: Observer;
  /** Which links are passed on. Links from the store are checked again. */
  readonly isLink: IsLink;
}

export interface OrderRequest {
  readonly ref: WriteRef;
  readonly write: UpstreamWrite<PrefilledOrder>;
  /** The key was created for this write, so that nobody can have used it before. */
  readonly isFresh: boolean;
  readonly tracker: CallTracker;
}

export type OrderOnce = (
  request: OrderRequest,
  send: SendInFlight,
  flight: WriteFlight<Prefilled>,
) => Promise<Prefilled>;

/** Claims the key, sends the order if no outcome is stored, and stores its outcome. */
export function createOrderOnce({ store, identity, observer, isLink }: OrderOnceOptions): OrderOnce {
  const record = (recording: Promise<void>) =>
    recording.catch((error: unknown) => observer.storeFailed(error));

  return async ({ ref, write, isFresh, tracker }, send, flight) => {
    const claim = await store.claim(ref).catch((cause) => {
      // The outcome of a key that the caller has chosen is known to the store alone.
      throw isFresh ? cause : new OutcomeUnknown('the outcome of the key cannot be read', { cause });
    });
    if (claim.state === 'conflict') throw new IdempotencyKeyReused('the key belongs to another input');
    if (claim.state === 'refused' || claim.state === 'succeeded') tracker.cached++;
    if (claim.state === 'refused') throw storedRefusal(write, claim.fields);
    if (claim.state === 'succeeded') {
      const { productOrderId, prefillUrl } = claim.order;
      return { productOrderId, prefillUrl: readLink(prefillUrl, isLink), madeAt: claim.at, replayed: true };
    }
    const isPending = claim.state === 'pending';
    flight.mayHaveSucceeded = flight.flight.isSent || isPending;
    try {
      const { value } = await send(write, isPending);
      const { prefilledOrderId: productOrderId, prefillUrl } = value;
      const stored = { productOrderId, prefillUrl: prefillUrl === UNUSABLE_LINK ? '' : prefillUrl };
      await record(store.recordSuccess(ref, stored, identity.orderOf(productOrderId)));
      return { productOrderId, prefillUrl, madeAt: claim.at, replayed: isPending };
    } catch (error) {
      if (error instanceof UpstreamRejected) {
        await record(store.recordRefusal(ref, refusedFields(error)));
        throw error;
      }
      if (error instanceof OutcomeUnknown) throw error;
      // That this attempt failed says nothing about the earlier one, which was never answered.
      if (isPending) throw new OutcomeUnknown('an earlier attempt was not answered', { cause: error });
      await record(store.release(ref, claim.token));
      throw error instanceof UpstreamConflict ? conflictError(error, isFresh) : error;
    }
  };
}
