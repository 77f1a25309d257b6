import type { IncomingHttpHeaders } from 'node:http';
import type { PageAnswer } from './page.ts';

export interface PageCall {
  /** The path parameter of this name, decoded. */
  param(name: string): string;
  readonly query: URLSearchParams;
  /** The fields of a sent form. */
  readonly form: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** HEAD is answered by the routes of GET, which must then change nothing. */
  readonly isHead: boolean;
}

/** A route for people. */
export interface PageRoute {
  readonly method: 'GET' | 'POST';
  readonly template: string;
  handle(call: PageCall): PageAnswer;
}
