import type { AuthFailure } from '@pothos/plugin-scope-auth';
import type { RequestContext } from '../../resolvers/context.ts';
import { MissingScope } from '../../resolvers/errors.ts';

/** The scopes that fields and types can require. */
export interface Scopes {
  readonly read: boolean;
  readonly 'product-orders:write': boolean;
  readonly introspect: boolean;
}

/** Returns the scopes of the caller. Runs once per operation. */
export const grantedScopes = ({ viewer }: RequestContext): Scopes => ({
  read: viewer.scopes.includes('read'),
  'product-orders:write': viewer.scopes.includes('product-orders:write'),
  introspect: viewer.scopes.includes('introspect'),
});

/** Returns the error that names the missing scopes of a failed check. */
export const missingScope = (failure: AuthFailure): MissingScope => new MissingScope(scopesOf(failure));

function scopesOf(failure: AuthFailure): readonly string[] {
  if ('failures' in failure) return failure.failures.flatMap(scopesOf);
  return 'scope' in failure ? [failure.scope] : [];
}
