import type { GraphQLError } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import { NotVisible } from '../../resolvers/errors.ts';
import type { Log } from '../../telemetry/log.ts';
import { requestIdOf } from '../reports/request-id.ts';
import { toClientError } from './client-error.ts';
import { logCause } from './log-error.ts';

// An upstream that is down fails each row of a page: a thousand errors say no more than a few, and the nulls stay.
const MOST_ERRORS = 20;

/** Gives every error of an answer its code and the request id, and writes what is behind it to the log. */
export function useClientErrors(log: Log, terse: boolean): Plugin {
  return {
    onResultProcess({ request, result, setResult }) {
      const results = Array.isArray(result) ? result : [result];
      const requestId = requestIdOf(request);
      const shaped = results.map((one) => {
        if (isAsyncIterable(one) || !one.errors?.length) return one;
        const errors = mergeSiblings(one.errors.map((error) => toClientError(error, terse)));
        logCauses(errors, log.child({ requestId }));
        const told = errors.slice(0, MOST_ERRORS).map((error) => withRequestId(error, requestId));
        const omitted = errors.length - told.length;
        if (omitted === 0) return { ...one, errors: told };
        return { ...one, errors: told, extensions: { ...one.extensions, omittedErrors: omitted } };
      });
      setResult(Array.isArray(result) ? (shaped as typeof result) : (shaped[0] as typeof result));
    },
  };
}

/**
 * One failed upstream call is one error per object: fields of the same object that needed the same answer are null
 * with it, and `alsoNull` names them.
 */
function mergeSiblings(errors: readonly GraphQLError[]): GraphQLError[] {
  const groups = new Map<unknown, Map<string, GraphQLError[]>>();
  const merged: GraphQLError[][] = [];
  for (const error of errors) {
    // «Not visible» is found anew by each field that needs the same details.
    const cause = error.originalError instanceof NotVisible ? NotVisible : error.originalError;
    const path = error.path ?? [];
    // Two root fields are two questions, and two items of a list are two objects.
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

// One line per failure, however many fields it emptied.
function logCauses(errors: readonly GraphQLError[], log: Log): void {
  const seen = new Set<unknown>();
  for (const { originalError, extensions, path } of errors) {
    if (!originalError || seen.has(originalError)) continue;
    seen.add(originalError);
    logCause(originalError, { code: extensions['code'], path }, log);
  }
}
