import { timingSafeEqual } from 'node:crypto';
import type { GraphQLSchema } from 'graphql';
import type { Secret } from '../../upstream/keys/secret.ts';
import { badRequest } from '../errors/bad-requests.ts';
import { Unauthenticated } from '../errors/request-errors.ts';
import type { Authenticate } from './authenticate.ts';
import type { Caller } from './caller.ts';

/** One text, whatever is wrong, so that nobody learns which of the two is right. */
export const ROUTER_REFUSAL =
  'Authentication is required. Send the credentials of the caller, and the secret of the router in `Router-Authorization: Bearer` if this gateway has one.';

/** What the endpoint for routers has of its own. */
export interface RouterOptions {
  readonly schema: GraphQLSchema;
  /** What routers send in `Router-Authorization`; undefined if a key with the audience `router` is enough. */
  readonly secret: Secret | undefined;
}

/**
 * Returns the authentication of the endpoint for routers. A router proves that it is one by the shared secret, and then
 * passes on the credentials of any caller; or its key has the audience `router`. Everyone else would get its limits.
 */
export function authenticateRouter(
  { authenticate, open }: { readonly authenticate: Authenticate; readonly open: boolean },
  { secret }: RouterOptions,
): Authenticate {
  return async (credentials) => {
    if (secret && !isSame(credentials.header('router-authorization'), secret.reveal()))
      throw new Unauthenticated('not the secret of the router');
    const caller = await authenticate(credentials);
    if (caller.audience === 'router') return caller;
    if (!secret && !open) throw badRequest('routersOnly');
    return asRouter(caller);
  };
}

// Inherits, since reading the client of a caller may create it.
const asRouter = (caller: Caller): Caller =>
  Object.create(caller, { audience: { value: 'router', enumerable: true } }) as Caller;

function isSame(header: string | undefined, secret: string): boolean {
  const [, given = ''] = /^Bearer +(\S+)$/i.exec(header ?? '') ?? [];
  const [a, b] = [Buffer.from(given), Buffer.from(secret)];
  return a.length === b.length && timingSafeEqual(a, b);
}
