import type { LoadOrder } from './load-order.ts';

/** What a request consists of. */
export type RequestOrder = Pick<LoadOrder, 'url' | 'headers' | 'authorizations' | 'plan'>;

/** Creates the writer of the requests of a load: from the number of a request to its text. */
export function createRequestText(order: RequestOrder): (request: number) => string {
  const { plan, authorizations } = order;
  const heads =
    authorizations.length === 0
      ? [headOf(order)]
      : authorizations.map((authorization) => headOf(order, authorization));
  const write = (request: number) => {
    const body = requestBody(plan, request);
    // All variables by one caller, then by the next.
    const head = heads[Math.floor(request / plan.variables.length) % heads.length];
    return `${head}content-length: ${body.length}\r\n\r\n${body}`;
  };
  if (isRenewed(plan)) return write;
  // Nothing is written twice.
  const texts: string[] = [];
  const period = plan.variables.length * heads.length;
  return (request) => {
    const index = request % period;
    texts[index] ??= write(index);
    return texts[index];
  };
}

/** The head of a request up to its length. */
function headOf({ url, headers }: RequestOrder, authorization?: string): string {
  const { host, pathname, search } = new URL(url);
  const fields = Object.entries({
    host,
    'content-type': 'application/json',
    ...headers,
    ...(authorization !== undefined && { authorization }),
  });
  return `POST ${pathname}${search} HTTP/1.1\r\n${fields.map(([name, value]) => `${name}: ${value}\r\n`).join('')}`;
}

/** Returns the JSON that a request sends. */
function requestBody(plan: LoadOrder['plan'], request: number): string {
  const pass = String(Math.floor(request / plan.variables.length));
  const variables = plan.variables[request % plan.variables.length] ?? '{}';
  return `{"query":${JSON.stringify(plan.query.replaceAll('PASS', pass))},"variables":${variables.replaceAll('PASS', pass)}}`;
}

const isRenewed = ({ query, variables }: LoadOrder['plan']) =>
  query.includes('PASS') || variables.some((text) => text.includes('PASS'));
