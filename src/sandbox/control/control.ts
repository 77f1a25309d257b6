import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Faults } from '../faults/faults.ts';
import type { Guard } from '../http/guard.ts';
import { HttpError, toHttpError } from '../http/http-error.ts';
import { isShallowJson, MOST_LEVELS } from '../http/json-depth.ts';
import { readBody } from '../http/read-body.ts';
import { routeKey } from '../http/route.ts';
import { createRouter } from '../http/router.ts';
import type { CallerDirectory } from '../keys/callers.ts';
import type { TokenStore } from '../keys/tokens.ts';
import type { Stats } from '../stats/stats.ts';
import type { Clock } from '../world/clock.ts';
import { createClockRoute } from './clock-routes.ts';
import type { ControlAnswer, ControlRoute } from './control-route.ts';
import { checkQuery, run } from './control-route.ts';
import { createFaultRoutes } from './fault-routes.ts';
import { createKeyRoutes } from './key-routes.ts';
import { createWatchRoutes } from './watch-routes.ts';

interface ControlParts {
  stats: Stats;
  faults: Faults;
  callers: CallerDirectory;
  tokens: TokenStore;
  clock: Clock;
  /** Resets the statistics, ends all faults and restores all keys. Tokens and data stay. */
  reset(): void;
  /** Returns everything to what it was at the start. */
  restart(): void;
  stateRoutes: readonly ControlRoute[];
  guard: Guard;
}

/** Creates the routes under /_sandbox/, with which a test observes and controls the sandbox. The upstream has none of them. */
export function createControl(parts: ControlParts) {
  const routes: ControlRoute[] = [
    ...createWatchRoutes(parts.stats),
    ...createFaultRoutes(parts.faults),
    ...createKeyRoutes(parts.callers, parts.tokens),
    { method: 'POST', template: '/_sandbox/reset', handle: () => run(parts.reset) },
    { method: 'POST', template: '/_sandbox/restart', handle: () => run(parts.restart) },
    createClockRoute(parts.clock),
    ...parts.stateRoutes,
  ];
  const findRoute = createRouter(routes);
  const names = routes.map(routeKey);
  const unknown: ControlAnswer = {
    status: 404,
    value: { message: `There is no such control route. Control routes: ${names.join(', ')}.`, routes: names },
  };

  return (request: IncomingMessage, response: ServerResponse, path: string): void => {
    const match = findRoute(request.method ?? 'GET', path);
    const query = new URLSearchParams((request.url ?? '').slice(path.length + 1));
    readBody(request, (body) => {
      const refusal = parts.guard(request.method ?? 'GET', request.headers);
      const json = () => readJson(body);
      const { status, value, text }: ControlAnswer = refusal
        ? { status: refusal.status, value: { message: refusal.message } }
        : match
          ? answer(() => {
              checkQuery(match.route, query);
              return match.route.handle({
                query,
                json,
                optionalJson: () => (body?.length === 0 ? undefined : json()),
                param: (name) => decode(match.params.get(name) ?? ''),
              });
            })
          : unknown;
      const sent = value ? { contentType: 'application/json', body: JSON.stringify(value) } : text;
      response.writeHead(status, sent && { 'content-type': sent.contentType });
      response.end(sent?.body);
    });
  };
}

function answer(handle: () => ControlAnswer): ControlAnswer {
  try {
    return handle();
  } catch (error) {
    const status = toHttpError(error)?.status ?? 500;
    return { status, value: { message: error instanceof Error ? error.message : String(error) } };
  }
}

function readJson(body: Buffer | undefined): unknown {
  if (!body) throw new HttpError(413, 'The body is larger than 12 MiB.');
  const value = parse(body);
  if (!isShallowJson(value)) {
    throw new HttpError(400, `The body must be nested at most ${MOST_LEVELS} levels deep.`);
  }
  return value;
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    throw new HttpError(400, 'The body must be JSON.');
  }
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new HttpError(400, `${segment} is not valid percent-encoding.`);
  }
}
