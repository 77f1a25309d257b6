import type { FieldError } from './field-error.ts';

/** Lists everything wrong with a value. The name is its dotted path in the body; empty for the body itself. */
export type Check = (value: unknown, name: string) => FieldError[];

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

/** Every one of the checks; a value of the wrong type fails the first alone, so that it is reported once. */
export function isAll(...checks: readonly Check[]): Check {
  return (value, name) => {
    if (typeof value !== 'string') return checks[0]?.(value, name) ?? [];
    return checks.flatMap((check) => check(value, name));
  };
}

type Properties = Readonly<Record<string, Check>>;
export type ObjectCheck = (required: Properties, optional?: Properties) => Check;

/** An object with these properties; others are accepted. */
export const isObject: ObjectCheck = (required, optional) => checkObject(required, optional, true);

/** An object with these properties and no others. */
export const isClosedObject: ObjectCheck = (required, optional) => checkObject(required, optional, false);

function checkObject(required: Properties, optional: Properties = {}, isOpen: boolean): Check {
  const properties = [...Object.entries(required), ...Object.entries(optional)];
  return (value, name) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return [{ name, reason: 'must be an object.' }];
    }
    const pathOf = (key: string) => (name === '' ? key : `${name}.${key}`);
    const isKnown = (key: string) => Object.hasOwn(required, key) || Object.hasOwn(optional, key);
    const unknown = isOpen ? [] : Object.keys(value).filter((key) => !isKnown(key));
    const wrong = properties.flatMap(([key, check]) => {
      const path = pathOf(key);
      if (Object.hasOwn(value, key)) return check((value as Record<string, unknown>)[key], path);
      return Object.hasOwn(required, key) ? [{ name: path, reason: 'is required.' }] : [];
    });
    return [...wrong, ...unknown.map((key) => ({ name: pathOf(key), reason: 'is not known.' }))];
  };
}
