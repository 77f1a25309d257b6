import type { IncomingHttpHeaders } from 'node:http';
import type { Answer } from './answer.ts';
import type { Caller, CallerDirectory } from './callers.ts';
import { invalidSubscriptionKey, missingSubscriptionKey, opaqueGatewayError } from './gateway-error.ts';
import { readHeader } from './headers.ts';
import type { Policy } from './policy.ts';
import type { TokenStore } from './tokens.ts';

const BEARER = 'Bearer ';

/** Tells who calls an API route, or how the gateway refuses the call. */
export function createAuthorize(
  tokens: TokenStore,
  callers: CallerDirectory,
  policy: Policy,
): (headers: IncomingHttpHeaders) => Caller | Answer {
  return (headers) => {
    const authorization = headers.authorization ?? '';
    // The word Bearer is case-sensitive (source: knowledge base, "Troubleshoot errors").
    const holder = authorization.startsWith(BEARER)
      ? tokens.find(authorization.slice(BEARER.length))
      : undefined;
    if (!holder) return opaqueGatewayError(401);

    const key = readHeader(headers, 'ocp-apim-subscription-key');
    if (holder.flow === 'miami') {
      const isRefused = key !== undefined && policy.subscriptionKeyWithManagementToken === 'refused';
      return isRefused ? invalidSubscriptionKey : holder.caller;
    }
    if (key === undefined) return missingSubscriptionKey;
    return callers.bySubscriptionKey(key) === holder.caller ? holder.caller : invalidSubscriptionKey;
  };
}
