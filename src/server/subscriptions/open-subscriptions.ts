import type { Caller } from '../auth/caller.ts';
import {
  Overloaded,
  SubscriptionEnded,
  TooManySubscriptions,
  Unauthenticated,
} from '../errors/request-errors.ts';
import type { Subscription } from './subscription.ts';

/** Beyond so many of all tenants, the event loop has no time left for queries. */
const MOST = 5_000;
/** A revoked key must end its subscriptions within a second, and its file is read every 0.4 s. */
const LOOK_EVERY_MS = 250;

/** The open subscriptions of other processes, by owner. */
export interface SubscriptionsElsewhere {
  count(owner: string): number;
  /** Called with how many an owner has open in this process. */
  changed(owner: string, count: number): void;
}

const nothingElsewhere: SubscriptionsElsewhere = { count: () => 0, changed() {} };

/** The open subscriptions of the process: how many there may be, and who may still have one. */
export class OpenSubscriptions {
  readonly #maxPerTenant: number;
  readonly #elsewhere: SubscriptionsElsewhere;
  readonly #open = new Set<Subscription>();
  readonly #counts = new Map<string, number>();
  #looking: NodeJS.Timeout | undefined;
  #isStopping = false;

  /** One caller may have half of `maxPerTenant`, so that one faulty caller leaves the other half to the others. */
  constructor(maxPerTenant: number, elsewhere = nothingElsewhere) {
    this.#maxPerTenant = maxPerTenant;
    this.#elsewhere = elsewhere;
  }

  get size(): number {
    return this.#open.size;
  }

  /**
   * Throws {@link TooManySubscriptions} if the caller may not have another one, {@link Overloaded} if nobody may, and
   * {@link SubscriptionEnded} while stopping.
   */
  requireRoom(caller: Caller): void {
    if (this.#isStopping) throw new SubscriptionEnded('the gateway is stopping');
    const [ofTenant, ofCaller] = ownersOf(caller).map(
      (owner) => (this.#counts.get(owner) ?? 0) + this.#elsewhere.count(owner),
    );
    if (this.#open.size >= MOST) throw new Overloaded('too many subscriptions are open');
    const isFull =
      (ofTenant ?? 0) >= this.#maxPerTenant || (ofCaller ?? 0) >= Math.ceil(this.#maxPerTenant / 2);
    if (isFull) throw new TooManySubscriptions();
  }

  add(subscription: Subscription): void {
    this.#open.add(subscription);
    this.#count(subscription, 1);
    let at = performance.now();
    this.#looking ??= setInterval(() => {
      const now = performance.now();
      for (const one of this.#open) this.#check(one, now, now - at);
      at = now;
    }, LOOK_EVERY_MS).unref();
    if (this.#isStopping) subscription.end(new SubscriptionEnded('the gateway is stopping'));
  }

  remove(subscription: Subscription): void {
    if (!this.#open.delete(subscription)) return;
    this.#count(subscription, -1);
    if (this.#open.size > 0) return;
    clearInterval(this.#looking);
    this.#looking = undefined;
  }

  /** Ends all of them, and every one that begins later. */
  stop(): void {
    this.#isStopping = true;
    for (const one of this.#open) one.end(new SubscriptionEnded('the gateway is stopping'));
  }

  #check(subscription: Subscription, now: number, ms: number): void {
    const { isStillValid, isCurrent } = subscription.caller;
    if (isStillValid?.() === false) subscription.end(new Unauthenticated('revoked'));
    else if (isCurrent?.() === false) subscription.end(new SubscriptionEnded('the configuration changed'));
    else subscription.checkPace(now, ms);
  }

  #count({ caller }: Subscription, change: number): void {
    for (const owner of ownersOf(caller)) {
      const count = (this.#counts.get(owner) ?? 0) + change;
      if (count > 0) this.#counts.set(owner, count);
      else this.#counts.delete(owner);
      this.#elsewhere.changed(owner, count);
    }
  }
}

const ownersOf = ({ tenantId, id }: Caller): readonly string[] => [
  `tenant ${tenantId}`,
  `caller ${tenantId} ${id}`,
];
