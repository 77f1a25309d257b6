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

/** Room for subscriptions that several processes share. */
export interface SharedRoom {
  /** Resolves to whether each owner has fewer than it may have; then it has one more. */
  take(owners: readonly RoomOwner[]): Promise<boolean>;
  leave(owners: readonly string[]): void;
}

/** A tenant or a caller, and how many subscriptions it may have open. */
export interface RoomOwner {
  readonly owner: string;
  readonly most: number;
}

/** The open subscriptions of the process: how many there may be, and who may still have one. */
export class OpenSubscriptions {
  readonly #maxPerTenant: number;
  readonly #shared: SharedRoom | undefined;
  readonly #open = new Set<Subscription>();
  readonly #counts = new Map<string, number>();
  #looking: NodeJS.Timeout | undefined;
  #isStopping = false;

  /** One caller may have half of `maxPerTenant`, so that one faulty caller leaves the other half to the others. */
  constructor(maxPerTenant: number, shared?: SharedRoom) {
    this.#maxPerTenant = maxPerTenant;
    this.#shared = shared;
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
    const isFull = this.#ownersOf(caller).some(({ owner, most }) => (this.#counts.get(owner) ?? 0) >= most);
    if (this.#open.size >= MOST) throw new Overloaded('too many subscriptions are open');
    if (isFull) throw new TooManySubscriptions();
  }

  /**
   * Checks it as {@link OpenSubscriptions.requireRoom} does. A promise only if another process has to be asked. Add the
   * subscription at once.
   */
  takeRoom(caller: Caller): Promise<void> | undefined {
    this.requireRoom(caller);
    return this.#shared?.take(this.#ownersOf(caller)).then((isTaken) => {
      if (!isTaken) throw new TooManySubscriptions();
    });
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
    this.#shared?.leave(this.#ownersOf(subscription.caller).map(({ owner }) => owner));
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
    for (const { owner } of this.#ownersOf(caller)) {
      const count = (this.#counts.get(owner) ?? 0) + change;
      if (count > 0) this.#counts.set(owner, count);
      else this.#counts.delete(owner);
    }
  }

  #ownersOf({ tenantId, id }: Caller): readonly RoomOwner[] {
    return [
      { owner: `tenant ${tenantId}`, most: this.#maxPerTenant },
      { owner: `caller ${tenantId} ${id}`, most: Math.ceil(this.#maxPerTenant / 2) },
    ];
  }
}
