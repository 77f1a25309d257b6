import type { IncomingMessage } from 'node:http';

/** Headers of a request that a client may also send as parameters of the connection: browsers cannot send headers. */
const KNOWN = [
  'authorization',
  'cache-control',
  'merchant-serial-number',
  'ocp-apim-subscription-key',
  'router-authorization',
  'traceparent',
  'vipps-client-id',
  'vipps-client-secret',
] as const;
/** No longer than the headers of a request may be. */
const LONGEST = 8 * 1024;
const VALUE = /^[\x20-\x7e]*$/;

/**
 * Returns the headers for the operations of a connection. Those of the request that began it come first; then its
 * parameters, as most clients send them: `{ authorization }` or `{ headers: { authorization } }`, in any case.
 */
export function connectionHeaders(
  { headers }: Pick<IncomingMessage, 'headers'>,
  parameters: Readonly<Record<string, unknown>> | undefined,
): Record<string, string> {
  const nested = parameters?.['headers'];
  const given = { ...parameters, ...(typeof nested === 'object' ? nested : {}) };
  const byName = new Map(Object.entries(given).map(([name, value]) => [name.toLowerCase(), value]));
  return Object.fromEntries(
    KNOWN.flatMap((name) => {
      const value = headers[name] ?? byName.get(name);
      return typeof value === 'string' && value.length <= LONGEST && VALUE.test(value) ? [[name, value]] : [];
    }),
  );
}
