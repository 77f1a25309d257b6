import type { ManagementApi } from '../upstream/management-api.ts';
import type { Loaders } from './loaders/loaders.ts';

/** What one object of an answer takes, the objects inside it included and the lists inside it left out. */
export interface RowSize {
  readonly rows: number;
  readonly fields: number;
}

/**
 * Bounds the work of one operation, and shares the event loop with the others: what takes long is done in slices, one
 * turn of the loop after the other.
 */
export interface Work {
  /** Counts the rows of a list and spreads them over turns. Throws when the operation may not have so many. */
  list<T>(rows: readonly T[], size: RowSize): readonly (T | Promise<T>)[];
  /** True while the operation is so small that single objects need not be counted. */
  readonly isSmall: boolean;
  /** Gives one object back, now or in a later turn. */
  object<T>(value: T, size: RowSize): T | Promise<T>;
  /**
   * Counts rows that are about to be looked at and not returned, as a filter does. Returns a promise when others come
   * first: then wait for it.
   */
  scan(rows: number): Promise<void> | undefined;
}

/** What a use case may rely on. One per operation. */
export interface RequestContext {
  readonly api: ManagementApi;
  readonly loaders: Loaders;
  readonly viewer: { readonly tenant: string; readonly scopes: readonly string[] };
  readonly limits: { readonly maxPageSize: number };
  readonly work: Work;
  /** Adds an error to the answer that empties no field: what a payload was not asked for may have failed as well. */
  readonly addError: (error: Error) => void;
  /** Puts an error in the log that the answer tells in another way. */
  readonly logError: (error: Error) => void;
}
