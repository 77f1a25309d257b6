import type { ManagementApi } from '../upstream/management-api.ts';
import type { Loaders } from './loaders.ts';

/** What a use case may rely on. One per operation. */
export interface RequestContext {
  readonly api: ManagementApi;
  readonly loaders: Loaders;
  readonly viewer: { readonly tenant: string; readonly scopes: readonly string[] };
  readonly limits: { readonly maxPageSize: number };
}
