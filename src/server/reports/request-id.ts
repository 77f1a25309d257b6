import { randomUUID } from 'node:crypto';

const ACCEPTED = /^[A-Za-z0-9._-]{1,64}$/;
const ids = new WeakMap<Request, string>();

/** The caller's `X-Request-Id` if it is fit for a log line, otherwise a new one; the same for the whole request. */
export function requestIdOf(request: Request): string {
  let id = ids.get(request);
  if (id === undefined) {
    const given = request.headers.get('x-request-id');
    id = given !== null && ACCEPTED.test(given) ? given : randomUUID();
    ids.set(request, id);
  }
  return id;
}
