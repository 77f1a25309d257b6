import type { AuthFailure } from '@pothos/plugin-scope-auth';
import type { RequestContext } from '../resolvers/context.ts';
import { MissingScope } from '../resolvers/errors.ts';

/** What fields and types of the schema may ask of a caller. */
export interface Scopes {
  readonly read: boolean;
  readonly 'product-orders:write': boolean;
}

/** What the caller of this operation may do; asked once for each operation. */
export const grantedScopes = ({ viewer }: RequestContext): Scopes => ({
  read: viewer.scopes.includes('read'),
  'product-orders:write': viewer.scopes.includes('product-orders:write'),
});

/** The plugin's account of a refusal → the error that tells which scope was needed. */
export const missingScope = (failure: AuthFailure): MissingScope => new MissingScope(scopesOf(failure));

function scopesOf(failure: AuthFailure): readonly string[] {
  if ('failures' in failure) return failure.failures.flatMap(scopesOf);
  return 'scope' in failure ? [failure.scope] : [];
}
