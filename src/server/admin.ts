import type { RequestListener, Server } from 'node:http';
import { type ClientBounds, createHttpServer, limits } from './http/http-server.ts';

/** What the probes report. */
export interface Health {
  /** Returns whether the gateway should get traffic: its keys work, and it is not stopping. */
  isReady(): boolean;
}

/** Creates the server of the probes. `/livez` is independent of the upstream; `/readyz` says whether to send traffic. */
export function createAdminServer(health: Health, bounds: ClientBounds = {}): Server {
  const listener: RequestListener = (request, response) => {
    const answer = (status: number, text: string) => {
      response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' });
      response.end(request.method === 'HEAD' ? undefined : `${text}\n`);
    };
    if (request.method !== 'GET' && request.method !== 'HEAD') answer(405, 'method not allowed');
    else if (request.url === '/livez') answer(200, 'ok');
    else if (request.url === '/readyz')
      answer(health.isReady() ? 200 : 503, health.isReady() ? 'ok' : 'not ready');
    else answer(404, 'not found');
  };
  return createHttpServer(listener, limits, bounds);
}
