import { setTimeout as sleep } from 'node:timers/promises';
import { ClientError, GraphQLClient } from 'graphql-request';
import { type FieldError, isRetryable, waitMs } from './field-error.ts';

const ATTEMPTS = 6;

export interface Answer<Data> {
  readonly data: Data;
  /** A field that failed is null in `data` and has an error with its path here. */
  readonly errors: readonly FieldError[];
}

export type Ask = <Data>(query: string, variables: Record<string, unknown>) => Promise<Answer<Data>>;

/** The gateway gave no data. The message says what to do. */
export class GatewayError extends Error {}

/** Returns a function that asks the gateway, and asks again while it fails for a reason that passes. */
export function connect(url: string, key: string | undefined): Ask {
  const client = new GraphQLClient(url, {
    errorPolicy: 'all',
    headers: key ? { authorization: `Bearer ${key}` } : {},
  });
  // A gateway that answered before may be restarting. One that never did is not there.
  let hasAnswered = false;
  return async <Data>(query: string, variables: Record<string, unknown>) => {
    for (let attempt = 1; ; attempt++) {
      const response = await post<Data>(client, query, variables);
      if (response?.data) {
        hasAnswered = true;
        return { data: response.data, errors: response.errors };
      }
      const { errors = [], status = 0 } = response ?? {};
      const passes = response ? errors.some(isRetryable) || status >= 500 : hasAnswered;
      if (!passes || attempt === ATTEMPTS) throw new GatewayError(messageFor(url, key, status, errors[0]));
      await sleep(waitMs(attempt, errors));
    }
  };
}

function messageFor(url: string, key: string | undefined, status: number, error?: FieldError): string {
  if (status === 0) return `No gateway answers at ${url}. Start it, or set GATEWAY_URL.`;
  if (status === 401)
    return key
      ? `The gateway at ${url} does not accept the key in GATEWAY_KEY.`
      : `The gateway at ${url} requires a key. Set GATEWAY_KEY.`;
  return error
    ? `The gateway at ${url} answered ${error.extensions?.code ?? status}: ${error.message}`
    : `${url} answered with status ${status} and no GraphQL. Check GATEWAY_URL.`;
}

interface Response<Data> {
  readonly data: Data | null;
  readonly errors: readonly FieldError[];
  readonly status: number;
}

/** Returns what came back, or undefined if nothing did. */
async function post<Data>(
  client: GraphQLClient,
  query: string,
  variables: Record<string, unknown>,
): Promise<Response<Data> | undefined> {
  try {
    const { data, errors = [], status } = await client.rawRequest<Data | null>(query, variables);
    return { data, errors: errors as unknown as readonly FieldError[], status };
  } catch (error) {
    if (!(error instanceof ClientError)) return undefined;
    // The gateway refused the whole request, with another status than 200.
    const { errors = [], status } = error.response;
    return { data: null, errors: errors as unknown as readonly FieldError[], status };
  }
}
