import type { GraphiQLProps } from 'graphiql';
import { getOperationAST, Kind, parse } from 'graphql';
import { readEvents } from './event-stream.ts';

type Fetcher = GraphiQLProps['fetcher'];
type Params = Parameters<Fetcher>[0];
/** GraphiQL's type has two more forms of `subscribe`, which it never calls. */
type Following = Extract<ReturnType<Fetcher>, { subscribe: unknown }>;
type Answer = Extract<Awaited<ReturnType<Fetcher>>, { data?: unknown }>;

const ENDPOINT = '/graphql';
/** With these, the answer says what it has cost. */
const REPORTS = { 'x-cost-report': '1', 'x-upstream-report': '1' };

/** Sends an operation to this gateway: a subscription as server-sent events, anything else as one answer. */
export const fetcher: Fetcher = (params, options) => {
  const headers = options?.headers ?? {};
  const named = withOwnName(params);
  return isSubscription(named) ? (follow(named, headers) as unknown as Following) : ask(named, headers);
};

async function ask(params: Params, headers: Record<string, string>): Promise<Answer> {
  const response = await send(params, headers, 'application/json');
  return response.json();
}

function follow(params: Params, headers: Record<string, string>) {
  return {
    subscribe(observer: Observer) {
      const stopping = new AbortController();
      const run = async () => {
        const accept = 'text/event-stream';
        const response = await send(params, headers, accept, stopping.signal);
        const isStream = response.headers.get('content-type')?.startsWith(accept);
        if (!isStream || !response.body) observer.next(await response.json());
        else for await (const event of readEvents(response.body)) observer.next(event as Answer);
        observer.complete();
      };
      run().catch((error) => {
        if (!stopping.signal.aborted) observer.error(error);
      });
      return { unsubscribe: () => stopping.abort() };
    },
  };
}

interface Observer {
  next(answer: Answer): void;
  error(error: unknown): void;
  complete(): void;
}

function send(
  params: Params,
  given: Record<string, string>,
  accept: string,
  signal: AbortSignal | null = null,
): Promise<Response> {
  // Ours replace those that were typed in, whatever their case: `fetch` would send both.
  const headers = new Headers(given);
  headers.set('content-type', 'application/json');
  headers.set('accept', accept);
  for (const [name, value] of Object.entries(REPORTS)) headers.set(name, value);
  return fetch(ENDPOINT, { method: 'POST', headers, body: JSON.stringify(params), signal });
}

/** Right after a change of tabs, GraphiQL still sends the name of the operation in the tab before. */
function withOwnName(params: Params): Params {
  try {
    const document = parse(params.query);
    const operations = document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION);
    const isNamed = getOperationAST(document, params.operationName) != null;
    return operations.length === 1 && !isNamed
      ? { query: params.query, variables: params.variables }
      : params;
  } catch {
    return params;
  }
}

function isSubscription({ query, operationName }: Params): boolean {
  try {
    return getOperationAST(parse(query), operationName)?.operation === 'subscription';
  } catch {
    // The gateway says what is wrong with the document.
    return false;
  }
}
