import type { ExtraDetail } from './problem.ts';

/** Lists everything wrong with a value. The name is where it stands in the body, dotted; empty for the body itself. */
export type Check = (value: unknown, name: string) => ExtraDetail[];

/** A check by one condition. */
export function must(reason: string, holds: (value: unknown) => boolean): Check {
  return (value, name) => (holds(value) ? [] : [{ name, reason: `must ${reason}.` }]);
}

export const isText = must('be a string', (value) => typeof value === 'string');
export const isBoolean = must('be true or false', (value) => typeof value === 'boolean');

/** A string of these lengths, which count characters and not UTF-16 units, as JSON Schema does. */
export function isTextOf(least: number, most: number): Check {
  return must(`be a string of ${least} to ${most} characters`, (value) => {
    const length = typeof value === 'string' ? [...value].length : -1;
    return length >= least && length <= most;
  });
}

export function isTextLike(pattern: RegExp, description: string): Check {
  return must(`be ${description}`, (value) => typeof value === 'string' && pattern.test(value));
}

export function isIntegerWithin(least: number, most: number): Check {
  return must(
    `be an integer from ${least} to ${most}`,
    (value) => typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most,
  );
}

export function isOneOf(choices: readonly string[]): Check {
  return must(`be one of ${choices.join(', ')}`, (value) => choices.some((choice) => choice === value));
}

export function isNullOr(check: Check): Check {
  return (value, name) => (value === null ? [] : check(value, name));
}

/** Every one of the checks; a value of the wrong type fails the first alone, so that it is told once. */
export function isAll(...checks: readonly Check[]): Check {
  return (value, name) => {
    if (typeof value !== 'string') return checks[0]?.(value, name) ?? [];
    return checks.flatMap((check) => check(value, name));
  };
}

/** An object with these properties. Others are accepted: what the API does about them is not documented. */
export function isObject(required: Record<string, Check>, optional: Record<string, Check> = {}): Check {
  const properties = [...Object.entries(required), ...Object.entries(optional)];
  return (value, name) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return [{ name, reason: 'must be an object.' }];
    }
    return properties.flatMap(([key, check]) => {
      const place = name === '' ? key : `${name}.${key}`;
      if (Object.hasOwn(value, key)) return check((value as Record<string, unknown>)[key], place);
      return Object.hasOwn(required, key) ? [{ name: place, reason: 'is required.' }] : [];
    });
  };
}
