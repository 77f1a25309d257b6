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

/** Returns a function that asks the gateway, and asks again while it refuses for a reason that passes. */
export function connect(url: string, key: string | undefined): Ask {
  const client = new GraphQLClient(url, {
    errorPolicy: 'all',
    headers: key ? { authorization: `Bearer ${key}` } : {},
  });
  let reached = false;
  return async <Data>(query: string, variables: Record<string, unknown>) => {
    for (let attempt = 1; ; attempt++) {
      const { data, errors, status } = await post<Data>(client, query, variables).catch((error: unknown) => {
        if (reached && attempt < ATTEMPTS) return { data: null, errors: [], status: 503 };
        throw new GatewayError(`No gateway answers at ${url}. Start it, or set GATEWAY_URL.`, {
          cause: error,
        });
      });
      if (status !== 503) reached = true;
      if (data) return { data, errors };
      if (status === 401)
        throw new GatewayError(
          `The gateway at ${url} ${key ? 'does not accept the key in' : 'requires a key. Set'} GATEWAY_KEY.`,
        );
      const [error] = errors;
      const passes = error ? isRetryable(error) : status >= 500;
      if (!passes || attempt === ATTEMPTS)
        throw new GatewayError(
          error
            ? `The gateway at ${url} answered ${error.extensions?.code ?? status}: ${error.message}`
            : `${url} answered with status ${status} and no GraphQL. Check GATEWAY_URL.`,
        );
      await sleep(waitMs(attempt, errors));
    }
  };
}

async function post<Data>(client: GraphQLClient, query: string, variables: Record<string, unknown>) {
  try {
    const { data, errors = [], status } = await client.rawRequest<Data | null>(query, variables);
    return { data, errors: errors as unknown as readonly FieldError[], status };
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    // Answers with another status than 2xx: refusals of the whole request.
    const { errors = [], status } = error.response;
    return { data: null, errors: errors as unknown as readonly FieldError[], status };
  }
}
