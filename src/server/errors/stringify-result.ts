import { type ExecutionResult, GraphQLError } from 'graphql';
import { locationsOf } from './line-index.ts';

/** Returns a result as JSON, with the locations of its errors. `data` replaces the data by text that was made before. */
export function stringifyResult(result: ExecutionResult, data?: string): string {
  const fields = Object.entries(result).flatMap(([key, value]) => {
    if (value === undefined || typeof value === 'function') return [];
    if (key === 'data' && data !== undefined) return [`"data":${data}`];
    if (key === 'errors') return [`"errors":${JSON.stringify(result.errors?.map(formatted))}`];
    return [`${JSON.stringify(key)}:${JSON.stringify(value)}`];
  });
  return `{${fields.join(',')}}`;
}

function formatted(error: GraphQLError): unknown {
  if (!(error instanceof GraphQLError)) return error;
  const { message, locations: _computed, ...rest } = error.toJSON();
  const locations = locationsOf(error);
  return { message, ...(locations && { locations }), ...rest };
}
