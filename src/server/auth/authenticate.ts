import { scopes } from '../../config/scopes.ts';
import {
  AmbiguousCredentials,
  type AuthMethod,
  type Caller,
  type Credentials,
  Unauthenticated,
} from './caller.ts';
import type { Tenants } from './tenants.ts';

/** Tells who asks. Throws {@link Unauthenticated} or {@link AmbiguousCredentials}. */
export type Authenticate = (credentials: Credentials) => Promise<Caller>;

/** Exactly one of the ways must be tried and succeed. */
export function authenticateBy(ways: readonly AuthMethod[]): Authenticate {
  return async (credentials) => {
    const tried = ways.map((way) => way(credentials)).filter((caller) => caller !== undefined);
    const [caller, another] = tried;
    // A rejection of the other one must not stay unheard.
    if (another) await Promise.allSettled(tried);
    if (another) throw new AmbiguousCredentials('several ways at once');
    if (!caller) throw new Unauthenticated('no credentials');
    return caller;
  };
}

/** Whoever reaches the port is the one tenant of the configuration, and may do everything. */
export function allowAnyone(tenants: Tenants): Authenticate {
  return async () => {
    const [tenant] = tenants.all();
    if (!tenant) throw new Unauthenticated('there is no tenant');
    return {
      id: 'anybody',
      tenantId: tenant.id,
      client: tenant.client,
      scopes: new Set(scopes),
      audience: 'backend',
      limits: tenant.limits,
    };
  };
}
