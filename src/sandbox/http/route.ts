import type { IncomingHttpHeaders } from 'node:http';
import type { Answer } from '../answers/answer.ts';
import type { Caller } from '../keys/callers.ts';

/** A request to any route. */
export interface Call {
  readonly headers: IncomingHttpHeaders;
  /** Query string without its question mark. */
  readonly query: string;
  readonly body: Buffer;
}

/** A request whose caller is known and whose headers and path are within their limits. */
export interface ApiCall extends Call {
  readonly caller: Caller;
  /** The path parameter of this name, decoded and checked. */
  param(name: string): string;
}

export interface RouteBase {
  readonly method: string;
  /** Path as the contract writes it, which is also its name in statistics and faults. */
  readonly template: string;
  /** When it gives false, the path is unknown at the moment; always known when left out. */
  isServed?(): boolean;
}

/** Issues tokens, so it is called without one. */
export interface TokenRoute extends RouteBase {
  readonly kind: 'token';
  handle(call: Call): Answer;
}

/** Needs a token. */
export interface ApiRoute extends RouteBase {
  readonly kind: 'api';
  handle(call: ApiCall): Answer;
}

export type Route = TokenRoute | ApiRoute;

/** Name of a route in statistics, logs and faults. */
export function routeKey({ method, template }: RouteBase): string {
  return `${method} ${template}`;
}
