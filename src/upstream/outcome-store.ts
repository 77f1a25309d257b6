/** A write by the hashes of `WriteIdentity`: nothing of the input, of the keys or of the tenant can be read from it. */
export interface WriteRef {
  readonly tenant: string;
  readonly key: string;
  readonly fingerprint: string;
}

/** What a prefill led to. */
export interface MadeOrder {
  readonly productOrderId: string;
  readonly prefillUrl: string;
}

/** A field that the upstream refused, as the upstream names it. */
export interface RefusedField {
  readonly name: string;
  readonly reason: string;
}

/** What is known of a key. `at`: when it was first claimed, in milliseconds since 1970. */
export type Claim =
  /** Never seen: the claim is ours now. */
  | { readonly state: 'new'; readonly at: number }
  /** Sent once, by us or by somebody who died since, and the outcome is not known. */
  | { readonly state: 'open'; readonly at: number }
  | { readonly state: 'made'; readonly at: number; readonly order: MadeOrder }
  | { readonly state: 'refused'; readonly at: number; readonly fields: readonly RefusedField[] }
  /** Belongs to another input. */
  | { readonly state: 'taken' };

/**
 * Remembers what became of writes, so that none happens twice. A claim must be on disk before the first byte of its
 * write is sent. Bounded: old claims of a tenant are forgotten, and never because of another tenant.
 */
export interface OutcomeStore {
  claim(write: WriteRef): Promise<Claim>;
  /** `orderRef`: hash of the order's id, for {@link OutcomeStore.madeAt}. */
  made(write: WriteRef, order: MadeOrder, orderRef: string): Promise<void>;
  refused(write: WriteRef, fields: readonly RefusedField[]): Promise<void>;
  /** It is certain that the write did not happen: its key is free again. */
  release(write: WriteRef): Promise<void>;
  /** When the orders were made, in milliseconds since 1970; undefined for those that were not made here. */
  madeAt(orderRefs: readonly string[]): Promise<readonly (number | undefined)[]>;
  close(): void;
}
