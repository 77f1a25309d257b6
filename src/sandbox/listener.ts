import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Answer } from './answer.ts';
import { deliver, headersOf, losesAnswer, spoil } from './deliver.ts';
import type { Exchange } from './exchange.ts';
import type { Fault } from './fault.ts';
import type { Faults } from './faults.ts';
import { gatewayError, resourceNotFound } from './gateway-error.ts';
import { problem } from './problem.ts';
import { readBody } from './read-body.ts';
import type { ApiRoute, Call } from './route.ts';
import { routeKey } from './route.ts';
import type { RouteMatch } from './router.ts';
import type { Stats } from './stats.ts';

export interface ListenerParts {
  findRoute(method: string, path: string): RouteMatch | undefined;
  api(route: ApiRoute, params: ReadonlyMap<string, string>, call: Call): Answer;
  /** Takes every request whose path starts with /_sandbox/. */
  control(request: IncomingMessage, response: ServerResponse, path: string): void;
  stats: Stats;
  faults: Faults;
  /** How long every call takes at least. */
  latencyMs(): number;
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
    if (path.startsWith('/_sandbox/')) {
      parts.control(request, response, path);
      return;
    }

    const method = request.method ?? 'GET';
    const match = parts.findRoute(method, path);
    const template = match?.route.template ?? UNKNOWN;
    const key = match ? routeKey(match.route) : `${method} ${UNKNOWN}`;
    const record = stats.begin({ key, isToken: match?.route.kind === 'token', method, path: url, template });
    let requestBody: Buffer = NO_BODY;
    let fault: Fault | undefined;
    let timer: NodeJS.Timeout | undefined;
    let isOver = false;

    // Called when the answer is handed to the socket, before the client can see it: whoever has the answer may rely
    // on the call being counted as over and on its exchange being known.
    const finish = (answer: Answer | undefined) => {
      isOver = true;
      stats.end();
      if (answer) record.status = answer.status;
      onExchange?.({
        method,
        path: url,
        template,
        requestHeaders: request.headers,
        requestBody,
        status: answer?.status ?? null,
        responseHeaders: answer ? headersOf(answer) : {},
        responseBody: answer ? Buffer.from(answer.body) : NO_BODY,
        faulted: fault !== undefined,
      });
    };

    response.on('close', () => {
      clearTimeout(timer);
      const isCut = fault?.reset !== undefined || fault?.truncate === true;
      if (!response.writableFinished && !isCut) stats.abort();
      if (!isOver) finish(undefined);
    });

    readBody(request, (body) => {
      requestBody = body ?? NO_BODY;
      const call: Call = {
        headers: request.headers,
        query: mark < 0 ? '' : url.slice(mark + 1),
        body: requestBody,
      };
      const answerCall = () =>
        body ? answerOf(parts, match, call) : gatewayError(413, 'The body is too large.');
      fault = faults.take(key, path);
      // The route does its work now and the answer waits: what a client does not stay for has happened all the same.
      const answer = fault ? spoil(fault, answerCall) : answerCall();
      const send = () => {
        // A hanging call stays in progress until its client goes.
        if (!fault?.hang) finish(losesAnswer(fault) ? undefined : answer);
        deliver(response, answer, fault);
      };
      const delay = parts.latencyMs() + (fault?.delayMs ?? 0);
      if (delay > 0) timer = setTimeout(send, delay);
      else send();
    });
  };
}

function answerOf(parts: ListenerParts, match: RouteMatch | undefined, call: Call): Answer {
  if (!match) return resourceNotFound;
  try {
    const { route, params } = match;
    return route.kind === 'token' ? route.handle(call) : parts.api(route, params, call);
  } catch (error) {
    // A mistake of the sandbox itself; without this it would take the whole process down.
    return problem(500, `The sandbox failed: ${String(error)}`);
  }
}
