import { scopes } from '../../config/scopes.ts';
import { badRequest } from '../errors/bad-requests.ts';
import { Unauthenticated } from '../errors/request-errors.ts';
import type { AuthMethod, Caller, Credentials } from './caller.ts';
import type { Tenants } from './tenants.ts';

/** Returns the caller. Throws {@link Unauthenticated}, or `HttpError` for several methods at once. */
export type Authenticate = (credentials: Credentials) => Promise<Caller> | Caller;

/** Requires that a request uses exactly one of the methods, successfully. */
export function authenticateBy(methods: readonly AuthMethod[]): Authenticate {
  return (credentials) => {
    const attempts = methods.map((method) => method(credentials)).filter((attempt) => attempt !== undefined);
    const [caller, another] = attempts;
    if (another) return refuseSeveral(attempts);
    if (!caller) throw new Unauthenticated('no credentials');
    return caller;
  };
}

async function refuseSeveral(attempts: readonly (Promise<Caller> | Caller)[]): Promise<never> {
  // Each may reject, and an unhandled rejection would end the process.
  await Promise.allSettled(attempts);
  throw badRequest('ambiguousCredentials');
}

/** Treats every request as the only configured tenant with all scopes, for `AUTH=none`. */
export function allowAnyone(tenants: Tenants): Authenticate {
  return async () => {
    const [tenant] = tenants.all();
    if (!tenant) throw new Unauthenticated('there is no tenant');
    return {
      id: 'anybody',
      tenantId: tenant.id,
      client: tenant.client,
      directory: tenant.directory,
      scopes: new Set(scopes),
      audience: 'backend',
      limits: tenant.limits,
      isCurrent: () => tenants.all()[0]?.client === tenant.client,
    };
  };
}
