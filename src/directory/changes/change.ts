/** What can happen to what a tenant sees. */
export const changeKinds = [
  'SALES_UNIT_ADDED',
  'SALES_UNIT_CHANGED',
  'SALES_UNIT_REMOVED',
  'MERCHANT_ADDED',
  'MERCHANT_CHANGED',
  'MERCHANT_REMOVED',
  'PRODUCT_ORDER_ADDED',
  'PRODUCT_ORDER_CHANGED',
  'PRODUCT_ORDER_REMOVED',
  'PRICE_PACKAGE_ADDED',
  'PRICE_PACKAGE_CHANGED',
  'PRICE_PACKAGE_REMOVED',
] as const;
export type ChangeKind = (typeof changeKinds)[number];

/** A field that is different. Its name is a path of the schema, as `configuration.captureType`. */
export interface FieldChange {
  readonly name: string;
  /** As the schema shows the value; null when absent. */
  readonly before: string | null;
  readonly after: string | null;
}

/** What a change is about. A change of a unit or an order also names its merchant. */
export interface ChangeSubject {
  readonly msn?: string | undefined;
  /** Made by `businessKey`. */
  readonly merchant?: string | undefined;
  /** The key of an order, see `product-order-key.ts`. */
  readonly productOrder?: string | undefined;
  readonly pricePackage?: string | undefined;
}

/** A difference between what was known and what the upstream says. */
export interface NewChange extends ChangeSubject {
  readonly kind: ChangeKind;
  /** When the gateway saw it, in milliseconds since 1970. */
  readonly at: number;
  readonly fields: readonly FieldChange[];
}

/** A change in the order of its tenant. */
export interface Change extends NewChange {
  /** Grows with each change of the tenant. */
  readonly sequence: number;
}

/** Changes that were stored together, in their order. */
export interface StoredChanges {
  readonly epoch: string;
  readonly changes: readonly Change[];
}

/** A place in the changes of one tenant: all up to this one are known. */
export interface ChangePlace {
  /** Names the file. Places in one that was lost mean nothing in the next. */
  readonly epoch: string;
  readonly sequence: number;
}

/** Which changes to return: those that match all of these. */
export interface ChangeConditions {
  readonly kinds?: readonly ChangeKind[] | undefined;
  readonly msns?: readonly string[] | undefined;
  readonly merchants?: readonly string[] | undefined;
  readonly productOrders?: readonly string[] | undefined;
  /** Seen at this time or later, in milliseconds since 1970. */
  readonly since?: number | undefined;
}

/** A page of changes, in their order. */
export interface ChangePage {
  readonly conditions: ChangeConditions;
  readonly size: number;
  /** Counts from the end. */
  readonly fromEnd: boolean;
  /** Undefined begins with the oldest. */
  readonly after: ChangePlace | undefined;
  readonly before: ChangePlace | undefined;
}

export interface FoundChanges {
  readonly epoch: string;
  readonly changes: readonly Change[];
  readonly hasPreviousPage: boolean;
  readonly hasNextPage: boolean;
  /** The page was taken from the changes after `first`, up to and including `last`. */
  readonly first: number;
  readonly last: number;
  /** Since when every difference is recorded; undefined until the directory has been complete once. */
  readonly observedSince: number | undefined;
}

/** Changes after a place are no longer kept, or it is a place in another file. */
export class ChangesExpired extends Error {
  override name = 'ChangesExpired';
  /** The oldest place from which every change can be read. */
  readonly oldest: ChangePlace;

  constructor(oldest: ChangePlace) {
    super('the changes after this place are no longer kept');
    this.oldest = oldest;
  }
}
