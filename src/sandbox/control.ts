import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from './clock.ts';
import { ControlError } from './control-error.ts';
import type { ControlAnswer, ControlRoute } from './control-route.ts';
import { run } from './control-route.ts';
import { FaultError } from './fault.ts';
import type { Faults } from './faults.ts';
import type { Guard } from './guard.ts';
import { readBody } from './read-body.ts';
import { routeKey } from './route.ts';
import { createRouter } from './router.ts';
import type { Stats } from './stats.ts';
import type { TokenStore } from './tokens.ts';

interface ControlParts {
  stats: Stats;
  faults: Faults;
  tokens: TokenStore;
  clock: Clock;
  /** Zeroes the statistics and ends all faults; tokens and data stay, so that clients under test keep theirs. */
  reset(): void;
  stateRoutes: readonly ControlRoute[];
  guard: Guard;
}

/** The routes under /_sandbox/ by which a test watches and steers the sandbox. They are no part of the upstream. */
export function createControl(parts: ControlParts) {
  const { stats, faults, tokens, clock } = parts;
  const routes: ControlRoute[] = [
    { method: 'GET', template: '/_sandbox/stats', handle: () => ({ status: 200, value: stats.read() }) },
    { method: 'GET', template: '/_sandbox/calls', handle: () => ({ status: 200, value: stats.calls() }) },
    {
      method: 'POST',
      template: '/_sandbox/faults',
      handle: ({ json }) => ({ status: 201, value: { id: faults.add(json()) } }),
    },
    { method: 'DELETE', template: '/_sandbox/faults', handle: () => run(faults.clear) },
    { method: 'POST', template: '/_sandbox/reset', handle: () => run(parts.reset) },
    { method: 'POST', template: '/_sandbox/tokens/revoke', handle: () => run(tokens.revokeAll) },
    {
      method: 'POST',
      template: '/_sandbox/clock',
      handle({ json }) {
        clock.advance(readAdvance(json()));
        return { status: 200, value: { now: new Date(clock.now()).toISOString() } };
      },
    },
    ...parts.stateRoutes,
  ];
  const findRoute = createRouter(routes);
  const unknown = {
    status: 404,
    value: { message: `There is no such control route. There are: ${routes.map(routeKey).join(', ')}.` },
  };

  return (request: IncomingMessage, response: ServerResponse, path: string): void => {
    const match = findRoute(request.method ?? 'GET', path);
    readBody(request, (body = Buffer.alloc(0)) => {
      const refusal = parts.guard(request.method ?? 'GET', request.headers);
      const { status, value } = refusal
        ? { status: refusal.status, value: { message: refusal.message } }
        : match
          ? answer(() =>
              match.route.handle({
                json: () => readJson(body),
                param: (name) => decode(match.params.get(name) ?? ''),
              }),
            )
          : unknown;
      response.writeHead(status, value && { 'content-type': 'application/json' });
      response.end(value && JSON.stringify(value));
    });
  };
}

function answer(handle: () => ControlAnswer): ControlAnswer {
  try {
    return handle();
  } catch (error) {
    const status = error instanceof ControlError ? error.status : error instanceof FaultError ? 400 : 500;
    return { status, value: { message: error instanceof Error ? error.message : String(error) } };
  }
}

function readJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    throw new ControlError(400, 'The body must be JSON.');
  }
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new ControlError(400, `${segment} is not valid percent-encoding.`);
  }
}

function readAdvance(input: unknown): number {
  const advanceMs =
    typeof input === 'object' && input !== null && 'advanceMs' in input ? input.advanceMs : undefined;
  if (typeof advanceMs !== 'number' || advanceMs < 0) {
    throw new ControlError(400, '"advanceMs" must be a number of milliseconds, 0 or more.');
  }
  return advanceMs;
}
