import type { IncomingHttpHeaders } from 'node:http';
import type { Answer } from '../answers/answer.ts';
import {
  invalidSubscriptionKey,
  missingSubscriptionKey,
  opaqueGatewayError,
} from '../answers/gateway-error.ts';
import { readHeader } from '../http/headers.ts';
import type { CallerDirectory, Tenant } from '../keys/callers.ts';
import type { TokenStore } from '../keys/tokens.ts';
import type { Policy } from '../policy/policy.ts';
import type { Caller } from '../world/caller.ts';
import { readBasic } from './basic-auth.ts';

/** Returns the caller of an API route, or the gateway's refusal. */
export function createAuthorize(
  tokens: TokenStore,
  callers: CallerDirectory,
  policy: Policy,
): (headers: IncomingHttpHeaders) => Caller | Answer {
  return (headers) => {
    const holder = tokens.find(headers.authorization);
    if (!holder) return opaqueGatewayError(401);

    const key = readHeader(headers, 'ocp-apim-subscription-key');
    if (holder.flow === 'miami') {
      const isRefused = key !== undefined && policy.subscriptionKeyWithManagementToken === 'refused';
      return isRefused ? invalidSubscriptionKey : holder.caller;
    }
    if (key === undefined) return missingSubscriptionKey;
    return callers.bySubscriptionKey(key) === holder ? holder.caller : invalidSubscriptionKey;
  };
}

/** Returns the tenant that calls: by the token on API routes, by the keys on token routes, even if they are revoked. */
export function createIdentify(
  tokens: TokenStore,
  callers: CallerDirectory,
): (isTokenRoute: boolean, headers: IncomingHttpHeaders) => Tenant | undefined {
  return (isTokenRoute, headers) => {
    if (!isTokenRoute) return tokens.find(headers.authorization);
    const [clientId = readHeader(headers, 'client_id')] = readBasic(headers.authorization);
    return callers.byAnyKey(clientId, readHeader(headers, 'ocp-apim-subscription-key'));
  };
}
