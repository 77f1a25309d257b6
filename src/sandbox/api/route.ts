import type { IncomingHttpHeaders } from 'node:http';
import type { Answer } from '../answers/answer.ts';
import type { RouteBase } from '../http/route.ts';
import type { Caller } from '../world/caller.ts';

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
