import type { AttackRequest, Reply } from './client.ts';
import type { Target } from './fixture.ts';
import type { Keyring } from './keys.ts';
import { readCpuMs } from './process-metrics.ts';

/** One row of the attack catalogue. */
export interface Row {
  readonly id: string;
  readonly what: string;
  /** Whether the row attacks `/subgraph`, whatever endpoint the others attack. */
  readonly atSubgraph?: boolean;
  run(context: TestContext): Promise<void>;
}

/** What a refusal must look like. */
export interface Refusal {
  /** Every error has one of these codes; undefined where the answer is not GraphQL. */
  readonly codes?: readonly string[];
  /** 400 by default. */
  readonly statuses?: readonly number[];
  /** Texts of the request that the answer must not echo. */
  readonly silentAbout?: readonly string[];
  /** Allowed upstream calls; 0 by default. */
  readonly upstream?: number;
  readonly mostErrors?: number;
}

/** Runs the attacks of one row and collects the failures. */
export interface TestContext {
  readonly target: Target;
  readonly failures: readonly string[];
  readonly checks: number;
  /** What the slowest refusal cost the gateway. */
  readonly slowestRefusal: { readonly ms: number; readonly what: string };
  /** Records a failure unless `holds`, with what was seen instead. */
  check(what: string, holds: boolean, said?: unknown): void;
  send(request: AttackRequest): Promise<Reply>;
  refused(what: string, request: AttackRequest, refusal: Refusal): Promise<Reply | undefined>;
  /** The same row against another gateway. */
  on(target: Target): TestContext;
}

export interface GraphqlBody {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions?: Readonly<Record<string, unknown>>;
  }[];
}

const MOST_CPU_MS = 50;
const TRIES = 3;
const LEAKS = /did you mean|\bat [^"]*\.[jt]s:\d+|node_modules|127\.0\.0\.1|localhost|ECONN|\/src\//i;
/** A separate number, not part of a name, of `U+D800` or of «32-bit». */
const LIMIT = /(?<![\w+"])\d{2,}(?![\w"-])/;
/** Codes whose messages must not reveal a limit to an attacker. */
const PROTECTIVE = ['OPERATION_TOO_COMPLEX', 'OPERATION_TOO_EXPENSIVE', 'BAD_REQUEST', 'RATE_LIMITED'];

export function graphqlRequest(
  target: Target,
  query: string,
  variables?: unknown,
  key: keyof Keyring = 'browser',
  rest: object = {},
): AttackRequest {
  return {
    headers: jsonHeaders(target, key),
    body: JSON.stringify({ query, ...(variables !== undefined && { variables }), ...rest }),
  };
}

export const jsonHeaders = (target: Target, key: keyof Keyring = 'browser') => ({
  ...target.endpoint.headers,
  authorization: `Bearer ${target.fixture.keyring[key].key}`,
  'content-type': 'application/json',
  accept: 'application/graphql-response+json, application/json;q=0.9',
});

export function readJson(text: string): GraphqlBody | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A list that has nothing but nulls tells no more than null. */
const isEmpty = (value: unknown): boolean =>
  value === null || (Array.isArray(value) && value.length > 0 && value.every((item) => item === null));

/** `untilFailure`: the first failure ends the row, by an error. */
export function createTestContext(first: Target, untilFailure = false): TestContext {
  const failures: string[] = [];
  let checks = 0;
  let slowestRefusal = { ms: 0, what: '' };
  const check = (what: string, holds: boolean, said?: unknown) => {
    checks++;
    if (holds) return;
    const saying = said === undefined ? '' : `: ${String(said).slice(0, 200)}`;
    failures.push(what + saying);
    if (untilFailure) throw new Error('the row has failed');
  };
  const on = (target: Target): TestContext => {
    const send = (request: AttackRequest) => target.client.send(request);
    return {
      target,
      on,
      failures,
      get checks() {
        return checks;
      },
      get slowestRefusal() {
        return slowestRefusal;
      },
      check,
      send,
      async refused(what, request, refusal) {
        const { upstream } = target.fixture;
        const { codes, statuses = [400], silentAbout = [], mostErrors } = refusal;
        let reply: Reply | undefined;
        let cost = Number.POSITIVE_INFINITY;
        // The best of several tries: other work on the machine and first-time compilation are not the cost of a refusal.
        for (let tries = 0; tries < TRIES && cost > MOST_CPU_MS; tries++) {
          const calls = upstream.calls;
          const before = readCpuMs(target.pid);
          try {
            reply = await send(request);
          } catch (error) {
            check(`${what}: is answered`, false, (error as Error).message);
            break;
          }
          cost = Math.min(cost, readCpuMs(target.pid) - before);
          check(
            `${what}: upstream calls`,
            upstream.calls - calls <= (refusal.upstream ?? 0),
            upstream.calls - calls,
          );
        }
        if (reply) {
          if (cost > slowestRefusal.ms) slowestRefusal = { ms: cost, what };
          const { status, text } = reply;
          check(`${what}: costs at most ${MOST_CPU_MS} ms`, cost <= MOST_CPU_MS, `${cost.toFixed(0)} ms`);
          check(`${what}: status ${statuses.join(' or ')}`, statuses.includes(status), `${status} ${text}`);
          const isJson = readJson(text) !== undefined;
          check(`${what}: is JSON`, isJson || (text === '' && !codes), text);
          check(`${what}: leaks nothing`, !LEAKS.test(text), LEAKS.exec(text)?.[0]);
          for (const words of silentAbout) check(`${what}: does not echo`, !text.includes(words), words);
          if (codes && isJson) checkErrors(what, readJson(text) ?? {}, codes, mostErrors);
        }
        try {
          // Without a secret, nobody else is served there.
          const known = target.endpoint.forRouters ? 'router' : 'browser';
          const alive = await send(graphqlRequest(target, '{ __typename }', undefined, known));
          check(
            `${what}: the next is answered`,
            alive.status === 200 && alive.text.includes('Query'),
            alive.text,
          );
        } catch (error) {
          check(`${what}: the next is answered`, false, (error as Error).message);
        }
        return reply;
      },
    };
  };
  return on(first);

  function checkErrors(
    what: string,
    { data, errors = [] }: GraphqlBody,
    codes: readonly string[],
    mostErrors = Number.POSITIVE_INFINITY,
  ): void {
    check(`${what}: has errors`, errors.length > 0 && errors.length <= mostErrors, `${errors.length} errors`);
    check(`${what}: has no data`, Object.values(data ?? {}).every(isEmpty), JSON.stringify(data));
    for (const { message, extensions } of errors) {
      const code = String(extensions?.['code']);
      check(`${what}: code ${codes.join(' or ')}`, codes.includes(code), `${code} ${message}`);
      if (PROTECTIVE.includes(code)) check(`${what}: tells no limit`, !LIMIT.test(message), message);
    }
  }
}
