import type { ManagementApi } from '../upstream/management-api.ts';
import type { Loaders } from './loaders.ts';

/** What a use case may rely on. One per operation. */
export interface RequestContext {
  readonly api: ManagementApi;
  readonly loaders: Loaders;
  readonly viewer: { readonly tenant: string; readonly scopes: readonly string[] };
  readonly limits: { readonly maxPageSize: number };
  /** Adds an error to the answer that empties no field: what a payload was not asked for may have failed as well. */
  readonly report: (error: Error) => void;
  /** Puts an error in the log that the answer tells in another way. */
  readonly note: (error: Error) => void;
}
