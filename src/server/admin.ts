import type { RequestListener, Server, ServerResponse } from 'node:http';
import type { Metrics } from '../telemetry/metrics.ts';
import { type ClientBounds, createHttpServer, limits } from './http/http-server.ts';

/** What the probes report. */
export interface Health {
  /** Returns whether the gateway should get traffic: its keys work, and it is not stopping. */
  isReady(): boolean;
  /** Returns what is wrong with each part, for `/readyz?verbose`. Not all of it makes the gateway unready. */
  checks(): Readonly<Record<string, string | undefined>>;
  /** The text of `/metrics`; absent if they are off. */
  readonly metrics?: Pick<Metrics, 'contentType' | 'text'> | undefined;
}

/** Creates the server of the probes. `/livez` is independent of the upstream; `/readyz` says whether to send traffic. */
export function createAdminServer(health: Health, bounds: ClientBounds = {}): Server {
  const listener: RequestListener = (request, response) => {
    const answer = (status: number, text: string) => {
      response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' });
      response.end(request.method === 'HEAD' ? undefined : `${text}\n`);
    };
    const [path, query] = (request.url ?? '').split('?', 2);
    if (request.method !== 'GET' && request.method !== 'HEAD') answer(405, 'method not allowed');
    else if (path === '/livez') answer(200, 'ok');
    else if (path === '/readyz') answer(health.isReady() ? 200 : 503, readinessText(health, query));
    else if (path === '/metrics' && health.metrics) sendMetrics(health.metrics, response);
    else answer(404, 'not found');
  };
  return createHttpServer(listener, limits, bounds);
}

function sendMetrics(
  { contentType, text }: Pick<Metrics, 'contentType' | 'text'>,
  response: ServerResponse,
): void {
  text().then(
    (body) => {
      response.writeHead(200, { 'content-type': contentType });
      response.end(body);
    },
    (error: Error) => response.destroy(error),
  );
}

/** In the form of the probes of Kubernetes: a line per check with `?verbose`. */
function readinessText(health: Health, query: string | undefined): string {
  const verdict = health.isReady() ? 'ok' : 'not ready';
  if (query === undefined || !new URLSearchParams(query).has('verbose')) return verdict;
  const lines = Object.entries(health.checks()).map(([name, problem]) =>
    problem === undefined ? `[+] ${name}: ok` : `[-] ${name}: ${problem}`,
  );
  return [...lines, verdict].join('\n');
}
