import { setImmediate } from 'node:timers/promises';
import type { GraphQLError } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { Log } from '../../telemetry/log.ts';
import { stateOf } from '../request-state.ts';
import { BriefError, type CommonToErrors } from './brief-error.ts';
import { clientFacts, toClientError } from './client-error.ts';
import { logCauses } from './log-error.ts';
import { stringifyResult } from './stringify-result.ts';

/** Up to so many errors each have a location and the request id. When the upstream is down, a page has thousands. */
const DETAILED = 20;

/**
 * Turns the errors of a response into what clients may see, and logs the causes. Every field that is null because it failed
 * keeps an error of its own: clients read a null without an error as an absent object.
 */
export function useClientErrors(log: Log, terse: boolean): Plugin {
  return {
    // Before Yoga masks the errors one by one.
    onExecute: () => ({
      onExecuteDone({ args, result, setResult }) {
        if (isAsyncIterable(result) || !result.errors || !areMany(result.errors)) return undefined;
        return shortenErrors(result.errors, terse).then((errors) => {
          const { id: requestId } = stateOf(args.contextValue.request);
          setResult({ ...result, errors, extensions: { ...result.extensions, requestId } });
        });
      },
    }),
    onResultProcess({ request, result, setResult }) {
      const results = Array.isArray(result) ? result : [result];
      const { id: requestId } = stateOf(request);
      const shaped = results.map((one) => {
        if (isAsyncIterable(one) || !one.errors?.length) return one;
        const errors = shapeErrors(one.errors, { log, terse, requestId });
        return { ...one, errors, stringify: stringifyResult };
      });
      setResult(Array.isArray(result) ? (shaped as typeof result) : (shaped[0] as typeof result));
    },
  };
}

/** Whether the errors of a result are too many to each say everything about itself. */
export const areMany = (errors: readonly GraphQLError[]): boolean => errors.length > DETAILED;

/** Returns many errors without what they all say alike. */
export async function shortenErrors(
  thrown: readonly GraphQLError[],
  terse: boolean,
): Promise<readonly GraphQLError[]> {
  // Thousands of fields may have failed in this turn of the event loop.
  await setImmediate();
  return thrown.map(createShorten(terse)) as unknown as GraphQLError[];
}

/** Returns what a client may see of the errors of a response, and logs their causes. */
export function shapeErrors(
  thrown: readonly GraphQLError[],
  { log, terse, requestId }: { readonly log: Log; readonly terse: boolean; readonly requestId: string },
): GraphQLError[] {
  const errors = thrown.map((error) => toClientError(error, terse));
  logCauses(errors, log.child({ requestId }));
  if (errors.length <= DETAILED)
    for (const { extensions } of errors) Object.assign(extensions, { requestId });
  return errors;
}

/** Fields that fail for the same reason share everything but their path. */
function createShorten(terse: boolean): (error: GraphQLError) => BriefError {
  const known = new Map<unknown, CommonToErrors>();
  return (error) => {
    const { originalError: cause, path } = error;
    let common = cause && known.get(cause);
    if (!common) {
      const { message, extensions, originalError } = clientFacts(error, terse);
      const { http: _onlyForWholeRequests, ...details } = extensions;
      common = { message, extensions: details, originalError };
      if (cause) known.set(cause, common);
    }
    return new BriefError(common, path);
  };
}
