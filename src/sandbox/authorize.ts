import type { IncomingHttpHeaders } from 'node:http';
import type { Answer } from './answer.ts';
import type { Caller, CallerDirectory } from './callers.ts';
import { invalidSubscriptionKey, missingSubscriptionKey, opaqueGatewayError } from './gateway-error.ts';
import { readHeader } from './headers.ts';
import type { TokenStore } from './tokens.ts';

const BEARER = 'Bearer ';

/** Tells who calls an API route, or how the gateway refuses the call. */
export function createAuthorize(
  tokens: TokenStore,
  callers: CallerDirectory,
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
      // The key must not be sent with such a token. What the API does about it is not documented; refusing it here
      // shows the mistake before production does.
      return key === undefined ? holder.caller : invalidSubscriptionKey;
    }
    if (key === undefined) return missingSubscriptionKey;
    return callers.bySubscriptionKey(key) === holder.caller ? holder.caller : invalidSubscriptionKey;
  };
}
