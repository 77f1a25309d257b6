import { validateHeaderName, validateHeaderValue } from 'node:http';
import { errorShapes } from '../answers/error-shape.ts';
import { isShallowJson, MOST_LEVELS } from '../http/json-depth.ts';
import type { TenantName } from '../keys/callers.ts';
import type { Fault } from './fault.ts';
import { FaultError, LONGEST_TIMER } from './fault.ts';
import { findConflict } from './fault-conflict.ts';
import { isPatchStep } from './patch.ts';

type Check = (value: unknown) => boolean;

const MOST_BYTES = 2 ** 31;
// Each piece of a drip is held in memory.
const LARGEST_DRIP = 2 ** 20;

const isText: Check = (value) => typeof value === 'string';
const isTrue: Check = (value) => value === true;
const isOneOf =
  (choices: readonly string[]): Check =>
  (value) =>
    choices.some((choice) => choice === value);
const isWithin =
  (low: number, high: number, whole: boolean): Check =>
  (value) =>
    typeof value === 'number' && value >= low && value <= high && (!whole || Number.isInteger(value));
const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
// Node refuses to send an invalid header, and would do so in the middle of a call.
const isHeaderValue: Check = (value) =>
  isText(value) && !fails(() => validateHeaderValue('x', value as string));

const fields: Record<keyof Fault, [Check, string]> = {
  route: [isText, 'the name of a route, or "*"'],
  path: [(value) => isText(value) && /^\/[^?]*$/.test(value as string), 'a path without a query string'],
  tenant: [isText, 'the name of a caller'],
  times: [isWithin(1, Number.MAX_SAFE_INTEGER, true), 'a whole number from 1'],
  rate: [(value) => value !== 0 && isWithin(0, 1, false)(value), 'a number above 0, up to 1'],
  work: [(value) => typeof value === 'boolean', 'true or false'],
  status: [isWithin(200, 599, true), 'a status from 200 to 599'],
  bodyShape: [isOneOf(errorShapes), `one of: ${errorShapes.join(', ')}`],
  retryAfter: [
    (value) => isWithin(0, Number.MAX_SAFE_INTEGER, false)(value) || isHeaderValue(value),
    'a number of seconds, or a valid header value',
  ],
  contentType: [isHeaderValue, 'a valid header value'],
  body: [
    (value) => isText(value) || (typeof value === 'object' && value !== null),
    'a string, an object or an array',
  ],
  headers: [
    (value) => isObject(value) && Object.entries(value).every(isHeader),
    'an object of valid header names and values',
  ],
  patch: [
    (value) => Array.isArray(value) && value.every(isPatchStep),
    'a list of { path, value } or { path, remove: true }, where the path is a list of names and indexes, not empty for remove',
  ],
  delayMs: [isWithin(0, LONGEST_TIMER, false), 'a number of milliseconds'],
  stallAfterHeaders: [isWithin(0, LONGEST_TIMER, false), 'a number of milliseconds'],
  drip: [isDrip, `{ bytes: 1 to ${LARGEST_DRIP}, everyMs: 1 or more }`],
  huge: [isWithin(1, MOST_BYTES, true), `a number of bytes from 1 to ${MOST_BYTES}`],
  chunked: [isTrue, 'true'],
  hang: [isTrue, 'true'],
  reset: [isOneOf(['beforeHeaders', 'midBody']), '"beforeHeaders" or "midBody"'],
  truncate: [isTrue, 'true'],
};

/** The routes and callers that a fault may name. */
export interface FaultTargets {
  readonly routes: readonly string[];
  readonly tenants: readonly TenantName[];
}

/** Reads a fault from an untyped value, or throws a FaultError. A misspelt property is an error, since it would have no effect. */
export function readFault(input: unknown, { routes, tenants }: FaultTargets): Fault {
  if (!isObject(input)) throw new FaultError('A fault must be a JSON object.');
  // Code can pass more than JSON, and a value that cannot be serialized would fail each call.
  if (!isShallowJson(input)) {
    throw new FaultError(`A fault must be JSON that is nested at most ${MOST_LEVELS} levels deep.`);
  }
  for (const [name, value] of Object.entries(input)) {
    if (!Object.hasOwn(fields, name)) {
      throw new FaultError(`A fault has no field "${name}". Its fields: ${Object.keys(fields).join(', ')}.`);
    }
    const [check, expected] = fields[name as keyof Fault];
    if (!check(value)) throw new FaultError(`"${name}" must be ${expected}.`);
  }
  const fault: Fault = input;
  if (fault.route !== undefined && fault.route !== '*' && !routes.includes(fault.route)) {
    throw new FaultError(`"route" must be one of: ${routes.join(', ')}; or "*" for every route of the API.`);
  }
  if (!isPathOf(fault)) throw new FaultError(`"path" does not match the route ${fault.route}.`);
  if (fault.tenant !== undefined && !tenants.includes(fault.tenant)) {
    throw new FaultError(`"tenant" must be one of: ${tenants.join(', ')}.`);
  }
  const conflict = findConflict(fault);
  if (conflict) throw new FaultError(conflict);
  // A copy, so that the fault does not change when the caller changes its object.
  return structuredClone(fault);
}

function isPathOf({ route = '*', path }: Fault): boolean {
  if (route === '*' || path === undefined) return true;
  const expected = route.slice(route.indexOf(' ') + 1).split('/');
  const segments = path.split('/');
  const fits = (segment: string, at: number) => segment.startsWith('{') || segment === segments[at];
  return expected.length === segments.length && expected.every(fits);
}

function isDrip(value: unknown): boolean {
  if (!isObject(value) || Object.keys(value).length !== 2) return false;
  const { bytes, everyMs } = value as Record<string, unknown>;
  return isWithin(1, LARGEST_DRIP, true)(bytes) && isWithin(1, LONGEST_TIMER, false)(everyMs);
}

function isHeader([name, value]: [string, unknown]): boolean {
  return !fails(() => validateHeaderName(name)) && isHeaderValue(value);
}

function fails(action: () => void): boolean {
  try {
    action();
    return false;
  } catch {
    return true;
  }
}
