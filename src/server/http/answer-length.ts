import type { ExecutionResult } from 'graphql';

/**
 * Returns about how many characters the JSON of a result has, or `Infinity` as soon as that exceeds `most`. Used before
 * the result is serialized, since a long text under many aliases takes far more memory as JSON than as objects.
 */
export function answerLength(value: unknown, most: number): number {
  const length = lengthOf(value, most);
  return length > most ? Number.POSITIVE_INFINITY : length;
}

/** Message, code and punctuation of an error, at most. Its path comes on top. */
const ERROR = 250;

/** Returns the same for a whole result. */
export function resultLength({ data, errors = [] }: ExecutionResult, most: number): number {
  let length = lengthOf(data, most);
  for (const { path } of errors) {
    if (length > most) break;
    length += ERROR + lengthOf(path, most);
  }
  return length > most ? Number.POSITIVE_INFINITY : length;
}

function lengthOf(value: unknown, most: number): number {
  if (typeof value === 'string') return value.length + 2;
  if (typeof value !== 'object' || value === null) return 4;
  let length = 2;
  if (Array.isArray(value)) {
    for (const item of value) {
      length += 1 + lengthOf(item, most - length);
      if (length > most) return length;
    }
    return length;
  }
  for (const key in value) {
    length += key.length + 4 + lengthOf((value as Record<string, unknown>)[key], most - length);
    if (length > most) return length;
  }
  return length;
}
