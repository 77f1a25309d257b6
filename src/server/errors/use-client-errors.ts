import type { GraphQLError } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import { NotVisible } from '../../resolvers/errors.ts';
import type { Log } from '../../telemetry/log.ts';
import { stateOf } from '../request-state.ts';
import { toClientError } from './client-error.ts';
import { logCause } from './log-error.ts';
import { stringifyResult } from './stringify-result.ts';

// When the upstream is down, every row of a page fails. A thousand errors say no more than a few.
const MAX_ERRORS = 20;
/** Errors that are looked at: several of them may become one. */
const MAX_CONSIDERED = 200;

/** Adds the code and the request id to every error of a response, and logs the causes. */
export function useClientErrors(log: Log, terse: boolean): Plugin {
  return {
    // Before the errors are masked one by one.
    onExecute: () => ({
      onExecuteDone({ args, result, setResult }) {
        if (isAsyncIterable(result) || (result.errors?.length ?? 0) <= MAX_CONSIDERED) return;
        const errors = result.errors?.slice(0, MAX_CONSIDERED) ?? [];
        stateOf(args.contextValue.request).omittedErrors = (result.errors?.length ?? 0) - errors.length;
        setResult({ ...result, errors });
      },
    }),
    onResultProcess({ request, result, setResult }) {
      const results = Array.isArray(result) ? result : [result];
      const { id: requestId, omittedErrors = 0 } = stateOf(request);
      const shaped = results.map((one) => {
        if (isAsyncIterable(one) || !one.errors?.length) return one;
        const errors = mergeSiblings(one.errors.map((error) => toClientError(error, terse)));
        logCauses(errors, log.child({ requestId }));
        const sent = errors.slice(0, MAX_ERRORS).map((error) => withRequestId(error, requestId));
        const omitted = errors.length - sent.length + omittedErrors;
        const answer = { ...one, errors: sent, stringify: stringifyResult };
        if (omitted === 0) return answer;
        return { ...answer, extensions: { ...one.extensions, omittedErrors: omitted } };
      });
      setResult(Array.isArray(result) ? (shaped as typeof result) : (shaped[0] as typeof result));
    },
  };
}

/**
 * Merges the errors of one object that have the same cause, such as one failed upstream call. `alsoNull` names the other
 * fields that are null.
 */
function mergeSiblings(errors: readonly GraphQLError[]): GraphQLError[] {
  const groups = new Map<unknown, Map<string, GraphQLError[]>>();
  const merged: GraphQLError[][] = [];
  for (const error of errors) {
    // Each field that needs the details of an invisible object throws an error of its own.
    const cause = error.originalError instanceof NotVisible ? NotVisible : error.originalError;
    const path = error.path ?? [];
    // Root fields are independent of each other, and so are the items of a list.
    if (!cause || path.length < 2 || typeof path.at(-1) === 'number') {
      merged.push([error]);
      continue;
    }
    const parents = groups.get(cause) ?? new Map<string, GraphQLError[]>();
    groups.set(cause, parents);
    const parent = path.slice(0, -1).join('.');
    const group = parents.get(parent);
    if (group) group.push(error);
    else {
      const started = [error];
      parents.set(parent, started);
      merged.push(started);
    }
  }
  return merged.flatMap(([first, ...others]) => {
    if (!first) return [];
    const alsoNull = others.map(({ path }) => path?.at(-1));
    return [alsoNull.length > 0 ? withExtensions(first, { alsoNull }) : first];
  });
}

const withRequestId = (error: GraphQLError, requestId: string) => withExtensions(error, { requestId });

function withExtensions(error: GraphQLError, extensions: Record<string, unknown>): GraphQLError {
  Object.assign(error.extensions, extensions);
  return error;
}

// One line per cause, however many fields are null because of it.
function logCauses(errors: readonly GraphQLError[], log: Log): void {
  const seen = new Set<unknown>();
  for (const { originalError, extensions, path } of errors) {
    if (!originalError || seen.has(originalError)) continue;
    seen.add(originalError);
    logCause(originalError, { code: extensions['code'], path }, log);
  }
}
