import { randomUUID } from 'node:crypto';
import type { Http, HttpRequest } from '../../../src/upstream/http/http.ts';

/** Switches off the mechanism under test: each attempt gets a key of its own. */
export const freshKeyEachTime = (http: Http): Http => ({
  ...http,
  exchange: (request, cancellation) =>
    http.exchange(withHeader(request, 'idempotency-key', randomUUID()), cancellation),
});

const withHeader = (request: HttpRequest, name: string, value: string): HttpRequest =>
  name in request.headers ? { ...request, headers: { ...request.headers, [name]: value } } : request;
