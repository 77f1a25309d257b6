import type { Leaf } from '../upstream/models/broken.ts';
import type { BusinessIdentifier } from '../upstream/models/identifiers.ts';
import type { Merchant } from '../upstream/models/merchant.ts';
import type { PricePackage } from '../upstream/models/price-package.ts';
import type { ProductOrder } from '../upstream/models/product-order.ts';
import type { SalesUnitDetails, SalesUnitSummary } from '../upstream/models/sales-unit.ts';
import type { ChangeConditions, ChangePage, FoundChanges } from './changes/change.ts';
import type { SearchField, SearchFlag, SearchQuery } from './search-query.ts';

/** Something that is known, and when the upstream said it, in milliseconds since 1970. */
export interface Dated<T> {
  readonly value: T;
  readonly readAt: number;
}

/** Conditions on a text, as `TextFilter` of the schema. */
export interface TextCondition {
  readonly equals?: string | null | undefined;
  readonly in?: readonly string[] | null | undefined;
  readonly contains?: string | null | undefined;
  readonly startsWith?: string | null | undefined;
}

export interface UnitConditions {
  readonly msn?: TextCondition | null | undefined;
  readonly name?: TextCondition | null | undefined;
  readonly merchantName?: TextCondition | null | undefined;
  readonly businessIdentifier?: BusinessIdentifier | null | undefined;
  readonly captureType?: readonly string[] | null | undefined;
  readonly countryCode?: readonly string[] | null | undefined;
  readonly flags: ReadonlyMap<SearchFlag, boolean>;
}

export interface MerchantConditions {
  readonly name?: TextCondition | null | undefined;
  readonly businessIdentifier?: BusinessIdentifier | null | undefined;
  readonly countryCode?: readonly string[] | null | undefined;
  readonly status?: readonly string[] | null | undefined;
}

/** `key` is the place of a row in this order; its last part is unique. */
export interface PageOrder<Field extends string> {
  readonly field: Field;
  readonly descending: boolean;
}
export type UnitOrderField = 'msn' | 'name' | 'merchantName' | 'relevance';
export type MerchantOrderField = 'name' | 'businessIdentifier' | 'relevance';

export interface IndexPage<Conditions, Field extends string> {
  readonly query: SearchQuery | undefined;
  readonly conditions: Conditions;
  readonly order: PageOrder<Field>;
  readonly size: number;
  /** Counts from the end of the list. */
  readonly fromEnd: boolean;
  readonly after: readonly string[] | undefined;
  readonly before: readonly string[] | undefined;
}
export type UnitPage = IndexPage<UnitConditions, UnitOrderField>;
export type MerchantPage = IndexPage<MerchantConditions, MerchantOrderField>;

export interface FoundRow {
  readonly key: readonly string[];
  /** Where the words of the query are. */
  readonly matchedOn: readonly SearchField[];
}

export interface FoundUnit extends FoundRow {
  readonly msn: string;
  readonly name: Leaf<string>;
  /** Null for a unit of the list without details; undefined while they are not known. */
  readonly details: Dated<SalesUnitDetails | null> | undefined;
  /** The merchant of the unit; undefined while it is not known. */
  readonly merchant: Dated<Merchant | null> | undefined;
}

export interface FoundMerchant extends FoundRow {
  readonly identifier: BusinessIdentifier;
  /** Undefined while it is not known. */
  readonly merchant: Dated<Merchant | null> | undefined;
}

export interface Found<T extends FoundRow> {
  readonly rows: readonly T[];
  /** All that match, on whatever page. */
  readonly totalCount: number;
  readonly hasPreviousPage: boolean;
  readonly hasNextPage: boolean;
}

/** How many of the matching units have each value. */
export interface UnitFacets {
  readonly captureType: ReadonlyMap<string, number>;
  readonly countryCode: ReadonlyMap<string, number>;
  /** True, false, and null where the upstream returns nothing. */
  readonly flags: ReadonlyMap<SearchFlag, ReadonlyMap<boolean | null, number>>;
}

/** What is known, and what is missing. */
export interface IndexCounts {
  readonly salesUnits: number;
  readonly knownSalesUnits: number;
  readonly removedSalesUnits: number;
  readonly merchants: number;
  readonly knownMerchants: number;
  /** When the oldest record was read; undefined without a record. */
  readonly oldestReadAt: number | undefined;
  /** When the list of units was last read. */
  readonly listReadAt: number | undefined;
}

/** What has to be read from the upstream next. */
export type DueRead =
  | { readonly kind: 'salesUnit'; readonly msn: string }
  | { readonly kind: 'merchant'; readonly identifier: BusinessIdentifier };

/** An answer of the upstream, by what was asked. */
export type Answer =
  | { readonly kind: 'salesUnits'; readonly value: readonly SalesUnitSummary[]; readonly isWhole: boolean }
  | { readonly kind: 'salesUnit'; readonly msn: string; readonly value: SalesUnitDetails | null }
  | { readonly kind: 'merchant'; readonly identifier: BusinessIdentifier; readonly value: Merchant | null }
  | {
      readonly kind: 'productOrders';
      readonly path: string;
      /** Whether expired orders are in it, so that an order which is not there is gone. */
      readonly includeExpired: boolean;
      readonly value: readonly ProductOrder[];
      readonly isWhole: boolean;
    }
  | {
      readonly kind: 'pricePackages';
      readonly path: string;
      readonly value: readonly PricePackage[];
      readonly isWhole: boolean;
    };

/** When the gateway saw it, in milliseconds since 1970: the Management API tells no times of orders. */
export interface ProductOrderTimes {
  readonly firstSeenAt: number;
  readonly statusSince: number;
}

/** There is no directory, or it cannot be read at the moment. */
export class DirectoryUnavailable extends Error {
  override name = 'DirectoryUnavailable';
  readonly code = 'DIRECTORY_UNAVAILABLE';
}

/** An answer, and when the upstream was asked, in milliseconds since 1970. */
export type StoredAnswer = Answer & { readonly readAt: number };

/** Where the directory of one tenant is kept. Methods throw {@link DirectoryUnavailable} when it cannot be used. */
export interface DirectoryIndex {
  /** Resolves when the first search is as fast as later ones. */
  ready(): Promise<void>;
  /** Stores answers, all of them or none. Returns once they are on disk. */
  store(answers: readonly StoredAnswer[]): Promise<void>;
  /** Returns what is due, units and merchants of which nothing is known first. Does not return the same row twice at a time. */
  takeDue(now: number, most: number): Promise<readonly DueRead[]>;
  /** Puts off a read that failed. */
  postpone(read: DueRead, until: number): Promise<void>;
  units(page: UnitPage): Promise<Found<FoundUnit>>;
  merchants(page: MerchantPage): Promise<Found<FoundMerchant>>;
  facets(request: Pick<UnitPage, 'query' | 'conditions'>): Promise<UnitFacets>;
  counts(): Promise<IndexCounts>;
  salesUnit(msn: string): Promise<Dated<SalesUnitDetails | null> | undefined>;
  merchant(identifier: BusinessIdentifier): Promise<Dated<Merchant | null> | undefined>;
  /** Returns a part of the units of the last list: those after a number, all of them by and by. */
  salesUnits(after: string | undefined): Promise<Dated<readonly SalesUnitSummary[]> | undefined>;
  /** Undefined while it is not known which units the merchant has. */
  merchantSalesUnits(identifier: BusinessIdentifier): Promise<Dated<readonly SalesUnitSummary[]> | undefined>;
  /** A list of orders or packages, by its path. */
  list(path: string): Promise<Dated<unknown> | undefined>;
  /** Throws {@link ChangesExpired}. */
  changes(page: ChangePage): Promise<FoundChanges>;
  countChanges(conditions: ChangeConditions): Promise<number>;
  /** Returns when orders were first seen, and since when they have had their status, by their keys. */
  productOrderTimes(keys: readonly string[]): Promise<ReadonlyMap<string, ProductOrderTimes>>;
  close(): Promise<void>;
}
