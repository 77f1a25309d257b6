import type { IncomingHttpHeaders } from 'node:http';

/** One call of an API or token route with its answer, for tests that check traffic against the contract. */
export interface Exchange {
  method: string;
  /** With its query string. */
  path: string;
  /** Path as the contract writes it; "(unknown route)" when it has no such route. */
  template: string;
  requestHeaders: IncomingHttpHeaders;
  requestBody: Buffer;
  /** Null when no whole answer was sent: the client left, or a fault hung, cut or truncated it. */
  status: number | null;
  /** Names in lower case. */
  responseHeaders: Record<string, string>;
  responseBody: Buffer;
  /** True when a fault touched this exchange, so that its answer may break the contract on purpose. */
  faulted: boolean;
}
