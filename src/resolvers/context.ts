import type { Directory } from '../directory/directory.ts';
import type { Dated } from '../directory/directory-index.ts';
import type { ManagementApi } from '../upstream/management-api.ts';
import type { EndpointCalls } from '../upstream/models/endpoint-calls.ts';
import type { Loaders } from './loaders/loaders.ts';

/** The size of one object of a response, including the objects inside it but not the lists inside it. */
export interface RowSize {
  readonly rows: number;
  readonly fields: number;
}

/**
 * Limits the work of one operation and shares the event loop with others: long work is divided into slices, each in its
 * own turn of the event loop.
 */
export interface Work {
  /** Counts the rows of a list and spreads them over turns. Throws if the operation exceeds its row limit. */
  list<T>(rows: readonly T[], size: RowSize): readonly (T | Promise<T>)[];
  /** True if the operation is so small that single objects need not be counted. */
  readonly isSmall: boolean;
  /** Returns the object, now or in a later turn. */
  object<T>(value: T, size: RowSize): T | Promise<T>;
  /**
   * Counts rows that are scanned but not returned, as by a filter. Call it before the scan, and wait for the promise if it
   * returns one: other operations come first.
   */
  scan(rows: number): Promise<void> | undefined;
}

/** What resolvers may use. One per operation. */
export interface RequestContext {
  readonly api: ManagementApi;
  readonly loaders: Loaders;
  /** The local copy of what the keys can see; undefined if there is none. */
  readonly directory: Directory | undefined;
  /** The cursor after which a client that reconnects goes on; undefined if it does not say. */
  readonly resumeAfter: string | undefined;
  /** Returns what the directory knows, if the caller accepts an answer of that age; otherwise undefined. */
  readonly fromDirectory: <T>(answer: Dated<T>) => T | undefined;
  /** Notes that the answer has what changes at any time, so that no router keeps it. */
  readonly usesLive: () => void;
  readonly viewer: { readonly tenant: string; readonly scopes: readonly string[] };
  /** Returns what the tenant's calls of the last `minutes` were answered, by endpoint. */
  readonly callsOfLast: (minutes: number) => readonly EndpointCalls[] | Promise<readonly EndpointCalls[]>;
  readonly limits: { readonly maxPageSize: number };
  readonly work: Work;
  /** Adds an error to the response without nulling a field, for a failure in a field that is not selected. */
  readonly addError: (error: Error) => void;
  /** Logs an error that the response reports in another form. */
  readonly logError: (error: Error) => void;
}
