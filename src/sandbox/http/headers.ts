import type { IncomingHttpHeaders } from 'node:http';

/** A header's value, several of one name joined by a comma; undefined when it was not sent. `name` in lower case. */
export function readHeader(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}
