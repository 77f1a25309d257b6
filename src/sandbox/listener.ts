import type { IncomingHttpHeaders, IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Answer } from './answers/answer.ts';
import { gatewayError, resourceNotFound } from './answers/gateway-error.ts';
import { problem } from './answers/problem.ts';
import type { ApiRoute, Call, Route } from './api/route.ts';
import { applyFault, deliver, headersOf, isCut } from './faults/deliver.ts';
import { LONGEST_TIMER } from './faults/fault.ts';
import type { FaultEntry, Faults } from './faults/faults.ts';
import type { Exchange } from './http/exchange.ts';
import { readHeader } from './http/headers.ts';
import { readBody } from './http/read-body.ts';
import { routeKey } from './http/route.ts';
import type { RouteMatch } from './http/router.ts';
import type { Tenant } from './keys/callers.ts';
import type { Pages } from './pages/pages.ts';
import type { Stats } from './stats/stats.ts';

export interface ListenerParts {
  findRoute(method: string, path: string): RouteMatch<Route> | undefined;
  api(route: ApiRoute, params: ReadonlyMap<string, string>, call: Call): Answer;
  /** Returns the tenant that calls. */
  identify(isTokenRoute: boolean, headers: IncomingHttpHeaders): Tenant | undefined;
  /** Handles every request whose path starts with /_sandbox/. */
  control(request: IncomingMessage, response: ServerResponse, path: string): void;
  /** Handles requests for pages: the portal and the home pages. */
  pages: Pages;
  stats: Stats;
  faults: Faults;
  /** The least time that every call takes. */
  latencyMs(): number;
  /** Returns the name of the calling system, as far as the policy keeps it. */
  systemName(headers: IncomingHttpHeaders): string | undefined;
  onExchange?: ((exchange: Exchange) => void) | undefined;
}

const UNKNOWN = '(unknown route)';
const NO_BODY = Buffer.alloc(0);

/** Carries one request from its arrival to its answer: count, find the route, answer, wait, send. */
export function createListener(parts: ListenerParts): RequestListener {
  const { stats, faults, onExchange } = parts;

  return (request, response) => {
    const url = request.url ?? '/';
    const mark = url.indexOf('?');
    const path = mark < 0 ? url : url.slice(0, mark);
    if (!path.startsWith('/management/') && parts.pages(request, response, path)) return;
    if (path.startsWith('/_sandbox/')) {
      parts.control(request, response, path);
      return;
    }

    const method = request.method ?? 'GET';
    const match = parts.findRoute(method, path);
    const template = match?.route.template ?? UNKNOWN;
    const key = match ? routeKey(match.route) : `${method} ${UNKNOWN}`;
    const isToken = match?.route.kind === 'token';
    const tenant = parts.identify(isToken, request.headers)?.name ?? null;
    const idempotencyKey = readHeader(request.headers, 'idempotency-key');
    const systemName = parts.systemName(request.headers);
    const record = stats.begin({
      key,
      isToken,
      method,
      path: url,
      template,
      tenant,
      idempotencyKey,
      systemName,
    });
    let requestBody: Buffer = NO_BODY;
    let taken: Pick<FaultEntry, 'id' | 'fault'> | undefined;
    let timer: NodeJS.Timeout | undefined;
    let isOver = false;

    // Called when the answer is handed to the socket, before the client can see it: a test that has
    // the answer can rely on the call being counted and its exchange being reported.
    const finish = (answer?: Answer) => {
      if (isOver) return;
      isOver = true;
      stats.end(record, answer?.status ?? null);
      onExchange?.({
        method,
        path: url,
        template,
        requestHeaders: request.headers,
        requestBody,
        status: answer?.status ?? null,
        responseHeaders: answer ? headersOf(answer, taken?.fault) : {},
        responseBody: answer ? Buffer.from(answer.body) : NO_BODY,
        faulted: taken !== undefined,
      });
    };

    // An error outside the routes, in a fault or in `onExchange`, ends this call and not the whole process.
    const safely = (work: () => void) => {
      try {
        work();
      } catch (error) {
        if (response.headersSent) response.destroy();
        else safely(() => deliver(response, failure(error), undefined, finish));
      }
    };
    // A streamed body ends when the code that started it can no longer catch an error.
    const over = (answer?: Answer) => (response.headersSent ? safely(() => finish(answer)) : finish(answer));

    response.on('close', () => {
      clearTimeout(timer);
      if (!response.writableFinished && !isCut(taken?.fault)) stats.abort();
      safely(() => finish(undefined));
    });

    const work = (body: Buffer | undefined) => {
      requestBody = body ?? NO_BODY;
      const call: Call = {
        headers: request.headers,
        query: mark < 0 ? '' : url.slice(mark + 1),
        body: requestBody,
      };
      const answerCall = () => (body ? answerOf(parts, match, call) : tooLarge(match));
      taken = faults.take({ key, isApi: match?.route.kind === 'api', path, tenant });
      const fault = taken?.fault;
      if (taken) record.fault = taken.id;
      // The route does its work now and only the answer waits: the work is done even if the client leaves.
      const answer = stats.during(record, () => (fault ? applyFault(fault, answerCall) : answerCall()));
      // A hanging call stays in progress until its client goes.
      const send = () => {
        // On a pipelined connection there is no socket until the answers before this one are sent.
        if (isCut(fault) && !response.socket) response.once('socket', send);
        else safely(() => deliver(response, answer, fault, over));
      };
      const delay = Math.min(parts.latencyMs() + (fault?.delayMs ?? 0), LONGEST_TIMER);
      // A timer of Node may fire a little early, and the latency is what a call takes at least.
      const due = performance.now() + delay;
      const waitOrSend = () => {
        const left = due - performance.now();
        if (left > 0) timer = setTimeout(waitOrSend, left);
        else send();
      };
      waitOrSend();
    };
    readBody(request, (body) => safely(() => work(body)));
  };
}

function tooLarge(match: RouteMatch<Route> | undefined): Answer {
  const message = 'The body is larger than 12 MiB.';
  // Any status that an operation does not list is declared to be a problem; the token routes declare nothing of the kind.
  return match?.route.kind === 'api' ? problem(413, message) : gatewayError(413, message);
}

function answerOf(parts: ListenerParts, match: RouteMatch<Route> | undefined, call: Call): Answer {
  if (!match) return resourceNotFound;
  try {
    const { route, params } = match;
    return route.kind === 'token' ? route.handle(call) : parts.api(route, params, call);
  } catch (error) {
    return failure(error);
  }
}

/** Answers a bug in the sandbox. Uncaught, it would end the whole process. */
function failure(error: unknown): Answer {
  return problem(500, `The sandbox failed: ${String(error)}`);
}
