/** Identifies a write by the hashes of `WriteIdentity`, which reveal neither the input nor the keys nor the tenant. */
export interface WriteRef {
  readonly tenant: string;
  readonly key: string;
  readonly fingerprint: string;
}

/** The order that a prefill created. */
export interface StoredOrder {
  readonly productOrderId: string;
  readonly prefillUrl: string;
}

/** What is known of a key. `at`: when it was first claimed, in milliseconds since 1970. */
export type Claim =
  /** Never seen before. `token` proves the claim when it is released. */
  | { readonly state: 'new'; readonly at: number; readonly token: string }
  /** Claimed before, by this process, another one or one that died since. The outcome is not known. */
  | { readonly state: 'pending'; readonly at: number }
  | { readonly state: 'succeeded'; readonly at: number; readonly order: StoredOrder }
  | { readonly state: 'refused'; readonly at: number; readonly fields: readonly string[] }
  /** The key belongs to a write with another input. */
  | { readonly state: 'conflict' };

/**
 * Remembers the outcomes of writes, so that none is carried out twice. A claim must be on disk before the first byte of
 * its write is sent. The store is bounded: it drops old claims of a tenant, and never those of one tenant because of
 * another.
 */
export interface IdempotencyStore {
  /** Throws `IdempotencyStoreUnavailable` when the store can be neither read nor written. */
  claim(write: WriteRef): Promise<Claim>;
  /** `orderRef`: hash of the order's id, for {@link IdempotencyStore.madeAt}. */
  recordSuccess(write: WriteRef, order: StoredOrder, orderRef: string): Promise<void>;
  /** `fields`: names of the refused input fields. The reasons are not stored, since they may quote values. */
  recordRefusal(write: WriteRef, fields: readonly string[]): Promise<void>;
  /** Frees the key of a write that certainly did not happen, unless another process has claimed it since. */
  release(write: WriteRef, token: string): Promise<void>;
  /** Returns the id of the order that a key created; undefined if it created none, as far as is known. */
  orderOf(write: Pick<WriteRef, 'tenant' | 'key'>): Promise<string | undefined>;
  /** Returns when the orders were created, in milliseconds since 1970; undefined for those created elsewhere. */
  madeAt(orderRefs: readonly string[]): Promise<readonly (number | undefined)[]>;
  close(): void;
}
