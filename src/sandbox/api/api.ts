import type { Answer } from '../answers/answer.ts';
import { gatewayError } from '../answers/gateway-error.ts';
import type { Problems } from '../answers/problem.ts';
import type { CallerDirectory } from '../keys/callers.ts';
import type { TokenStore } from '../keys/tokens.ts';
import type { Policy } from '../policy/policy.ts';
import type { Clock } from '../world/clock.ts';
import type { World } from '../world/world.ts';
import { createAuthorize } from './authorize.ts';
import { checkHeaders } from './check-headers.ts';
import { readPathParams } from './path-params.ts';
import { createRateLimit } from './rate-limit.ts';
import type { ApiRoute, Call } from './route.ts';

interface ApiParts {
  world: World;
  tokens: TokenStore;
  callers: CallerDirectory;
  policy: Policy;
  problems: Problems;
  clock: Clock;
}

/** Runs API routes after the checks that all of them share. */
export interface Api {
  run(route: ApiRoute, rawParams: ReadonlyMap<string, string>, call: Call): Answer;
  /** Resets the rate limit of every caller. */
  resetRateLimit(): void;
}

export function createApi({ world, tokens, callers, policy, problems, clock }: ApiParts): Api {
  const authorize = createAuthorize(tokens, callers, policy);
  const rateLimit = createRateLimit(policy, clock);
  const refusal = (answer: Answer, detail: string): Answer => {
    if (policy.refusalForm === 'gateway') return answer;
    const { headers } = answer;
    return { ...problems.problem(answer.status, detail), ...(headers && { headers }) };
  };

  return {
    run(route, rawParams, call) {
      const caller = authorize(call.headers);
      if ('status' in caller) return refusal(caller, 'Check the access token and the subscription key.');

      const headers = rateLimit.refuse(caller);
      if (headers) {
        const message = 'Rate limit is exceeded. Try again later.';
        return refusal({ ...gatewayError(429, message), headers }, message);
      }

      const wrong = checkHeaders({ world, policy }, caller, route.template, call.headers);
      if (wrong?.status === 400) return problems.invalidField(wrong.name, wrong.reason);
      if (wrong) return refusal(gatewayError(403, wrong.reason), wrong.reason);

      const params = readPathParams(rawParams, policy);
      if (!(params instanceof Map)) return problems.invalidField(params.name, params.reason);
      return route.handle({ ...call, caller, param: (name) => params.get(name) ?? '' });
    },
    resetRateLimit: rateLimit.reset,
  };
}
