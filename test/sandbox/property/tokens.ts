import { basic, standardHeaders } from '../client.ts';
import type { Sent, Target } from './target.ts';

export const callerNames = ['partner', 'management', 'otherPartner', 'merchant'] as const;
export type CallerName = (typeof callerNames)[number];

/** What opens the sandbox, and what did until it expired or was revoked. */
export interface Tokens {
  readonly valid: Readonly<Record<CallerName, string>>;
  readonly expired: string;
  readonly revoked: string;
}

export function tokenRequest({ callers }: Target, name: CallerName): Sent {
  if (name !== 'management') {
    return { method: 'POST', path: '/accesstoken/get', headers: standardHeaders(callers[name]) };
  }
  return {
    method: 'POST',
    path: '/miami/v1/token',
    headers: {
      authorization: basic(callers.management),
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: 'grant_type=client_credentials',
  };
}

/** Gets one token for every caller, after having had others expire and be revoked. */
export async function issueTokens(target: Target): Promise<Tokens> {
  const issue = async (name: CallerName): Promise<string> => {
    const { status, text } = await target.send(tokenRequest(target, name));
    if (status !== 200) throw new Error(`${name} got ${status} for its keys: ${text}`);
    return JSON.parse(text).access_token;
  };
  const revoked = await issue('partner');
  await target.control('tokens/revoke');
  const expired = await issue('partner');
  await target.control('clock', { advanceMs: 25 * 3_600_000 });
  const [partner, management, otherPartner, merchant] = [
    await issue('partner'),
    await issue('management'),
    await issue('otherPartner'),
    await issue('merchant'),
  ];
  return { valid: { partner, management, otherPartner, merchant }, expired, revoked };
}

/** The headers of a caller who makes no mistake. */
export function headersOf({ callers }: Target, { valid }: Tokens, name: CallerName): Record<string, string> {
  return {
    authorization: `Bearer ${valid[name]}`,
    ...(name !== 'management' && { 'ocp-apim-subscription-key': callers[name].subscriptionKey }),
  };
}
