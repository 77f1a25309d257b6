/** A write by the hashes of `WriteIdentity`: nothing of the input, of the keys or of the tenant can be read from it. */
export interface WriteRef {
  readonly tenant: string;
  readonly key: string;
  readonly fingerprint: string;
}

/** What a prefill led to. */
export interface StoredOrder {
  readonly productOrderId: string;
  readonly prefillUrl: string;
}

/** What is known of a key. `at`: when it was first claimed, in milliseconds since 1970. */
export type Claim =
  /** Never seen: the claim is ours now. `token` says so when it is given back. */
  | { readonly state: 'new'; readonly at: number; readonly token: string }
  /** Claimed before, by us, by another process or by one that died since, and the outcome is not known. */
  | { readonly state: 'open'; readonly at: number }
  | { readonly state: 'made'; readonly at: number; readonly order: StoredOrder }
  | { readonly state: 'refused'; readonly at: number; readonly fields: readonly string[] }
  /** Belongs to another input. */
  | { readonly state: 'taken' };

/**
 * Remembers what became of writes, so that none happens twice. A claim must be on disk before the first byte of its
 * write is sent. Bounded: old claims of a tenant are forgotten, and never because of another tenant.
 */
export interface IdempotencyStore {
  /** Throws `IdempotencyStoreUnavailable` when nothing can be said. */
  claim(write: WriteRef): Promise<Claim>;
  /** `orderRef`: hash of the order's id, for {@link IdempotencyStore.madeAt}. */
  made(write: WriteRef, order: StoredOrder, orderRef: string): Promise<void>;
  /** `fields`: which of the input, by name; never what was said of them, which may hold their values. */
  refused(write: WriteRef, fields: readonly string[]): Promise<void>;
  /** It is certain that the write did not happen: its key is free again, unless somebody else has claimed it since. */
  release(write: WriteRef, token: string): Promise<void>;
  /** When the orders were made, in milliseconds since 1970; undefined for those that were not made here. */
  madeAt(orderRefs: readonly string[]): Promise<readonly (number | undefined)[]>;
  close(): void;
}
