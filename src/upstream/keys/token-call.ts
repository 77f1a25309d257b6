import { z } from 'zod';
import type { Observer } from '../../telemetry/observer.ts';
import { Cancellation } from '../cancellation.ts';
import { UpstreamContractError, type UpstreamError, UpstreamUnauthorized } from '../errors.ts';
import { isAboutSubscriptionKey, readJson, toUpstreamError } from '../http/answer.ts';
import type { Http, HttpAnswer, HttpRequest } from '../http/http.ts';
import { readProblem } from '../http/problem.ts';
import { createRedact, type Redact } from '../http/redact.ts';
import type { IssuedToken } from './access-token.ts';
import { type Credentials, secretsOf } from './credentials.ts';
import type { Secret } from './secret.ts';
import type { SubscriptionKeys } from './subscription-keys.ts';

const MAX_BYTES = 64 * 1024;

// The lifetime is a number or a numeric string, depending on the endpoint.
const TokenBody = z.object({
  access_token: z.string().min(1),
  expires_in: z
    .union([z.number(), z.string()])
    .nullish()
    .transform((life) => Number(life ?? Number.NaN)),
});

export interface TokenCallOptions {
  readonly http: Http;
  readonly credentials: Credentials;
  readonly subscriptionKeys: SubscriptionKeys;
  readonly merchantSerialNumber: string | undefined;
  readonly systemHeaders: Record<string, string>;
  readonly timeoutMs: number;
  readonly observer: Observer;
}

/** Returns the token call of one client. It belongs to no operation, so that its result also serves later ones. */
export function createTokenCall(options: TokenCallOptions): () => Promise<IssuedToken> {
  const { http, credentials, subscriptionKeys, systemHeaders, timeoutMs, observer } = options;

  return async () => {
    for (let attempt = 1; ; attempt++) {
      const key = subscriptionKeys.current();
      const request = tokenRequest(options, key);
      const route = `POST ${request.path}`;
      const headers = { ...systemHeaders, ...request.headers };
      const call = { method: 'POST', ...request, headers, maxBytes: MAX_BYTES, timeoutMs } as const;
      const startedAt = performance.now();
      const ended = (status?: number) => observer.callEnded(route, status, performance.now() - startedAt);
      const answer = await http.exchange(call, new Cancellation()).catch((error: unknown) => {
        ended();
        throw toUpstreamError(route, error);
      });
      ended(answer.status);
      if (answer.status === 200) return readToken(route, answer);
      if (attempt === 2 || !isAboutSubscriptionKey(answer) || !subscriptionKeys.reject(key))
        throw refused(route, answer, createRedact(secretsOf(credentials)));
    }
  };
}

/**
 * `accesstoken` sends the keys as headers. `miami`, for management keys, is the OAuth client credentials flow with Basic
 * authentication, where the subscription key must not be sent.
 */
function tokenRequest(
  { credentials, merchantSerialNumber }: TokenCallOptions,
  subscriptionKey: Secret | undefined,
): Pick<HttpRequest, 'path' | 'headers' | 'body'> {
  const { clientId, clientSecret, tokenFlow } = credentials;
  if (tokenFlow === 'miami') {
    const basic = Buffer.from(`${clientId}:${clientSecret.reveal()}`).toString('base64');
    return {
      path: '/miami/v1/token',
      headers: { authorization: `Basic ${basic}`, 'content-type': 'application/x-www-form-urlencoded' },
      body: 'grant_type=client_credentials',
    };
  }
  return {
    path: '/accesstoken/get',
    headers: {
      client_id: clientId,
      client_secret: clientSecret.reveal(),
      ...(subscriptionKey && { 'ocp-apim-subscription-key': subscriptionKey.reveal() }),
      ...(merchantSerialNumber && { 'merchant-serial-number': merchantSerialNumber }),
    },
    body: '',
  };
}

// OAuth answers 400 to wrong keys, and a token call has no other input that could be refused.
function refused(route: string, answer: HttpAnswer, redact: Redact): UpstreamError {
  const { status, body } = answer;
  if (status !== 400 && status !== 422) return toUpstreamError(route, answer, { redact });
  const problem = readProblem(body, redact);
  return new UpstreamUnauthorized(`refused with ${status}`, { route, status, problem });
}

function readToken(route: string, answer: HttpAnswer): IssuedToken {
  const body = TokenBody.safeParse(readJson(route, answer));
  if (!body.success) throw new UpstreamContractError('the answer contains no token', { route, status: 200 });
  return { value: body.data.access_token, expiresIn: body.data.expires_in };
}
