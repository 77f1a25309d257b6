import { type ExecutionResult, GraphQLError } from 'graphql';
import { locationsOf } from './line-index.ts';

/** Returns a result as JSON, with the locations of its errors. */
export function stringifyResult(result: ExecutionResult): string {
  const fields = Object.entries(result).flatMap(([key, value]) => {
    if (value === undefined || typeof value === 'function') return [];
    if (key === 'errors') return [`"errors":${JSON.stringify(result.errors?.map(formatError))}`];
    return [`${JSON.stringify(key)}:${JSON.stringify(value)}`];
  });
  return `{${fields.join(',')}}`;
}

/** Returns an error as it is serialized. */
export function formatError(error: GraphQLError): unknown {
  if (!(error instanceof GraphQLError)) return error;
  const { message, locations: _computed, extensions = {}, ...rest } = error.toJSON();
  const { http: _status, ...shown } = extensions;
  const locations = locationsOf(error);
  return { message, ...(locations && { locations }), ...rest, extensions: shown };
}
