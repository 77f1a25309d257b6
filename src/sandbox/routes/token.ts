import type { Answer } from '../answer.ts';
import { ok } from '../answer.ts';
import { readBasic } from '../basic-auth.ts';
import type { CallerDirectory } from '../callers.ts';
import {
  gatewayError,
  invalidSubscriptionKey,
  missingSubscriptionKey,
  opaqueGatewayError,
} from '../gateway-error.ts';
import { findBadHeader, readHeader } from '../headers.ts';
import type { Call, Route } from '../route.ts';
import type { TokenStore } from '../tokens.ts';

export function createTokenRoutes(tokens: TokenStore, callers: CallerDirectory): Route[] {
  const standard = (call: Call) => issueStandardToken(tokens, callers, call);
  return [
    { kind: 'token', method: 'POST', template: '/accesstoken/get', handle: standard },
    // Quick starts of the API write the path this way, so the real one must take both.
    { kind: 'token', method: 'POST', template: '/accessToken/get', handle: standard },
    {
      kind: 'token',
      method: 'POST',
      template: '/miami/v1/token',
      handle: (call) => issueManagementToken(tokens, callers, call),
    },
  ];
}

function issueStandardToken(tokens: TokenStore, callers: CallerDirectory, { headers }: Call): Answer {
  const subscriptionKey = readHeader(headers, 'ocp-apim-subscription-key');
  if (subscriptionKey === undefined) return missingSubscriptionKey;
  const subscriber = callers.bySubscriptionKey(subscriptionKey);
  if (!subscriber) return invalidSubscriptionKey;

  const badHeader = findBadHeader(headers);
  if (badHeader) return gatewayError(400, `${badHeader.name} ${badHeader.reason}`);
  const clientId = readHeader(headers, 'client_id');
  const clientSecret = readHeader(headers, 'client_secret');
  if (clientId === undefined || clientSecret === undefined) {
    return gatewayError(
      400,
      `The header ${clientId === undefined ? 'client_id' : 'client_secret'} is missing.`,
    );
  }
  const client = callers.byClient('accesstoken', clientId, clientSecret);
  if (!client) return opaqueGatewayError(401);
  if (client !== subscriber) return invalidSubscriptionKey;

  const { accessToken, issuedAt, lifetimeSeconds } = tokens.issue(client);
  const now = Math.floor(issuedAt / 1000);
  const lifetime = Math.floor(lifetimeSeconds);
  // Numbers travel as strings here (source: access token API document and getting-started page).
  return ok({
    token_type: 'Bearer',
    expires_in: String(lifetime),
    ext_expires_in: String(lifetime),
    expires_on: String(now + lifetime),
    not_before: String(now),
    resource: '00000002-0000-0000-c000-000000000000',
    access_token: accessToken,
  });
}

function issueManagementToken(tokens: TokenStore, callers: CallerDirectory, { headers, body }: Call): Answer {
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;
  const grantType = isForm ? new URLSearchParams(body.toString()).get('grant_type') : null;
  // Both mistakes are documented to end in invalid_client (source: access token pages of the agent toolkit).
  if (readHeader(headers, 'ocp-apim-subscription-key') !== undefined) {
    return oauthError(400, 'invalid_client', 'A subscription key must not be sent with management keys.');
  }
  if (grantType === null) return oauthError(400, 'invalid_client', 'grant_type is missing in the form.');
  if (grantType !== 'client_credentials') {
    return oauthError(400, 'unsupported_grant_type', 'grant_type must be client_credentials.');
  }
  const [clientId = '', clientSecret = ''] = readBasic(headers.authorization);
  const client = callers.byClient('miami', clientId, clientSecret);
  if (!client) return oauthError(401, 'invalid_client', 'Client id or client secret is wrong.');

  const { accessToken, lifetimeSeconds } = tokens.issue(client);
  // A number, unlike above: that is how guide and toolkit show it, although the document says string.
  return ok({ access_token: accessToken, token_type: 'Bearer', expires_in: Math.floor(lifetimeSeconds) });
}

function oauthError(status: number, error: string, description: string): Answer {
  const body = JSON.stringify({ error, error_description: description });
  return { status, contentType: 'application/json', body };
}
