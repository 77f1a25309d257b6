import type { LoadOrder } from './load-order.ts';

/** Creates the writer of the requests of a load: the number of a request to its text. */
export function createRequestText({ url, headers, plan }: LoadOrder): (request: number) => string {
  const { host, pathname, search } = new URL(url);
  const fields = Object.entries({ host, 'content-type': 'application/json', ...headers });
  const head = `POST ${pathname}${search} HTTP/1.1\r\n${fields.map(([name, value]) => `${name}: ${value}\r\n`).join('')}content-length: `;
  const write = (request: number) => {
    const body = requestBody(plan, request);
    return `${head}${body.length}\r\n\r\n${body}`;
  };
  if (isRenewed(plan)) return write;
  // Nothing is written twice.
  const texts: string[] = [];
  const { length } = plan.variables;
  return (request) => {
    const index = request % length;
    texts[index] ??= write(index);
    return texts[index];
  };
}

/** Returns the JSON that a request sends. */
function requestBody(plan: LoadOrder['plan'], request: number): string {
  const pass = String(Math.floor(request / plan.variables.length));
  const variables = plan.variables[request % plan.variables.length] ?? '{}';
  return `{"query":${JSON.stringify(plan.query.replaceAll('PASS', pass))},"variables":${variables.replaceAll('PASS', pass)}}`;
}

const isRenewed = ({ query, variables }: LoadOrder['plan']) =>
  query.includes('PASS') || variables.some((text) => text.includes('PASS'));
