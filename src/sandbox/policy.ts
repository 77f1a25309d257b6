/** Decisions on what the sources leave open or say in two ways. Each can be switched, so that clients meet both. */
export interface Policy {
  /**
   * Lists and orders give msn as an integer, as the examples of the guide show; details give a string either way. The
   * specification says string everywhere, hence the default false.
   */
  readonly msnAsInteger: boolean;
  /**
   * What a merchant's keys get for ordering a product: orders name partners, so a merchant may not. Document 2.0.9 has
   * an example of a 401 "Not authorized to create a product order"; 403 is what the status means, hence the default.
   */
  readonly merchantOrderStatus: 401 | 403;
  /**
   * What deleting an order gets that was submitted, or not made by prefill. Not documented; document 2.0.9 declares 400
   * for the operation and no 409, hence the default.
   */
  readonly lateDeleteStatus: 400 | 409;
  /**
   * Whether a deleted order is gone from list and details. Not documented; no status says that an order was deleted, so
   * the default is true. When false, it stays as EXPIRED, the status whose orders lists hide.
   */
  readonly deletedOrdersDisappear: boolean;
  /**
   * What the sales units of a merchant are of whom the caller sees none. The FAQ says 404 for merchants and units alike,
   * but does not name this list, hence the default; the alternative is an empty list.
   */
  readonly unknownMerchantUnits: 'notFound' | 'emptyList';
}

export const defaultPolicy: Policy = {
  msnAsInteger: false,
  merchantOrderStatus: 403,
  lateDeleteStatus: 400,
  deletedOrdersDisappear: true,
  unknownMerchantUnits: 'notFound',
};
