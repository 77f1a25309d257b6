import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from './clock.ts';
import { FaultError } from './fault.ts';
import type { Faults } from './faults.ts';
import { readBody } from './read-body.ts';
import type { Stats } from './stats.ts';
import type { TokenStore } from './tokens.ts';

interface ControlParts {
  stats: Stats;
  faults: Faults;
  tokens: TokenStore;
  clock: Clock;
  /** Zeroes the statistics and ends all faults; tokens stay valid, so that clients under test keep theirs. */
  reset(): void;
}

interface ControlAnswer {
  status: number;
  value?: object;
}

/** What a control request got wrong. */
class BadControlRequest extends Error {
  override name = 'BadControlRequest';
}

/** The routes under /_sandbox/ by which a test watches and steers the sandbox. They are no part of the upstream. */
export function createControl(parts: ControlParts) {
  const { stats, faults, tokens, clock } = parts;
  const routes = new Map<string, (body: Buffer) => ControlAnswer>([
    ['GET /_sandbox/stats', () => ({ status: 200, value: stats.read() })],
    ['GET /_sandbox/calls', () => ({ status: 200, value: stats.calls() })],
    ['POST /_sandbox/faults', (body) => ({ status: 201, value: { id: faults.add(readJson(body)) } })],
    ['DELETE /_sandbox/faults', () => run(faults.clear)],
    ['POST /_sandbox/reset', () => run(parts.reset)],
    ['POST /_sandbox/tokens/revoke', () => run(tokens.revokeAll)],
    [
      'POST /_sandbox/clock',
      (body) => {
        clock.advance(readAdvance(readJson(body)));
        return { status: 200, value: { now: new Date(clock.now()).toISOString() } };
      },
    ],
  ]);

  return (request: IncomingMessage, response: ServerResponse, path: string): void => {
    const handle = routes.get(`${request.method} ${path}`);
    readBody(request, (body = Buffer.alloc(0)) => {
      const { status, value } = handle
        ? answer(() => handle(body))
        : {
            status: 404,
            value: {
              message: `There is no such control route. There are: ${[...routes.keys()].join(', ')}.`,
            },
          };
      response.writeHead(status, value && { 'content-type': 'application/json' });
      response.end(value && JSON.stringify(value));
    });
  };
}

function answer(handle: () => ControlAnswer): ControlAnswer {
  try {
    return handle();
  } catch (error) {
    const isCallers = error instanceof FaultError || error instanceof BadControlRequest;
    return {
      status: isCallers ? 400 : 500,
      value: { message: error instanceof Error ? error.message : String(error) },
    };
  }
}

function run(action: () => void): ControlAnswer {
  action();
  return { status: 204 };
}

function readJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    throw new BadControlRequest('The body must be JSON.');
  }
}

function readAdvance(input: unknown): number {
  const advanceMs =
    typeof input === 'object' && input !== null && 'advanceMs' in input ? input.advanceMs : undefined;
  if (typeof advanceMs !== 'number' || advanceMs < 0) {
    throw new BadControlRequest('"advanceMs" must be a number of milliseconds, 0 or more.');
  }
  return advanceMs;
}
