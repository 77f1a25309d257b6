import type { Answer } from '../../answers/answer.ts';
import { ok } from '../../answers/answer.ts';
import {
  gatewayError,
  invalidSubscriptionKey,
  missingSubscriptionKey,
  opaqueGatewayError,
} from '../../answers/gateway-error.ts';
import { readHeader } from '../../http/headers.ts';
import type { CallerDirectory } from '../../keys/callers.ts';
import type { TokenStore } from '../../keys/tokens.ts';
import type { Policy } from '../../policy/policy.ts';
import { readBasic } from '../basic-auth.ts';
import { findBadHeader } from '../header-limits.ts';
import type { Call, Route } from '../route.ts';

export function createTokenRoutes(tokens: TokenStore, callers: CallerDirectory, policy: Policy): Route[] {
  const standard = (call: Call) => issueStandardToken(tokens, callers, policy, call);
  return [
    { kind: 'token', method: 'POST', template: '/accesstoken/get', handle: standard },
    {
      kind: 'token',
      method: 'POST',
      template: '/accessToken/get',
      isServed: () => policy.accessTokenAlias === 'accepted',
      handle: standard,
    },
    {
      kind: 'token',
      method: 'POST',
      template: '/miami/v1/token',
      handle: (call) => issueManagementToken(tokens, callers, policy, call),
    },
  ];
}

function issueStandardToken(
  tokens: TokenStore,
  callers: CallerDirectory,
  policy: Policy,
  { headers }: Call,
): Answer {
  const subscriptionKey = readHeader(headers, 'ocp-apim-subscription-key');
  if (subscriptionKey === undefined) return missingSubscriptionKey;
  const subscriber = callers.bySubscriptionKey(subscriptionKey);
  if (!subscriber) return invalidSubscriptionKey;

  const badHeader = findBadHeader(headers, policy);
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
  const form = policy.standardTokenNumbers === 'string' ? String : Number;
  return ok({
    token_type: 'Bearer',
    expires_in: form(lifetime),
    ext_expires_in: form(lifetime),
    expires_on: form(now + lifetime),
    not_before: form(now),
    resource: '00000002-0000-0000-c000-000000000000',
    access_token: accessToken,
  });
}

function issueManagementToken(
  tokens: TokenStore,
  callers: CallerDirectory,
  policy: Policy,
  { headers, body }: Call,
): Answer {
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
  const [clientId, clientSecret = ''] = readBasic(headers.authorization);
  if (clientId === undefined) {
    const description = 'Basic authentication with client id and client secret is needed.';
    return oauthError(401, 'invalid_client', description);
  }
  const client = callers.byClient('miami', clientId, clientSecret);
  if (!client) return oauthError(401, 'invalid_client', 'Client id or client secret is wrong.');

  const { accessToken, lifetimeSeconds } = tokens.issue(client);
  const form = policy.managementTokenNumbers === 'string' ? String : Number;
  return ok({
    access_token: accessToken,
    token_type: 'Bearer',
    expires_in: form(Math.floor(lifetimeSeconds)),
  });
}

function oauthError(status: number, error: string, description: string): Answer {
  const body = JSON.stringify({ error, error_description: description });
  return { status, contentType: 'application/json', body };
}
