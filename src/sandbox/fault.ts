import type { PatchStep } from './patch.ts';

/**
 * Something that goes wrong on one route. With `status` the route does nothing and the fault is the whole answer;
 * every other fault spoils, delays or loses the answer of a route that did its work.
 */
export interface Fault {
  /** Route as in the statistics, such as "GET /management/v1/sales-units/{msn}". */
  route: string;
  /** Only calls of exactly this path, without query string. */
  path?: string;
  /** How often the fault happens before it is over; for ever when left out. */
  times?: number;
  /** Share of the matching calls that it happens to, from 0 to 1; which ones follows from the seed. */
  rate?: number;
  status?: number;
  /** Replaces the media type; an empty text leaves the header out. */
  contentType?: string;
  /** Replaces the body: text as it is, an object or array as JSON. */
  body?: string | object;
  /** Added to the answer, or in place of its own. */
  headers?: Record<string, string>;
  /** Added to the sandbox's latency. */
  delayMs?: number;
  /** Never answers. */
  hang?: true;
  /** Cuts the connection before or within the answer. */
  reset?: 'beforeHeaders' | 'midBody';
  /** Announces more bytes than follow, then closes the connection. */
  truncate?: true;
  /** Edits the correct answer, to play a schema that has drifted. */
  patch?: PatchStep[];
}

/** The fault that was asked for is not one; the message says why. */
export class FaultError extends Error {
  override name = 'FaultError';
}

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === 'string';
const isTrue: Check = (value) => value === true;
const isObject: Check = (value) => typeof value === 'object' && value !== null;
const isWithin =
  (low: number, high: number, whole: boolean): Check =>
  (value) =>
    typeof value === 'number' && value >= low && value <= high && (!whole || Number.isInteger(value));

const fields: Record<keyof Fault, [Check, string]> = {
  route: [isText, 'the name of a route'],
  path: [isText, 'a path'],
  times: [isWithin(1, Number.MAX_SAFE_INTEGER, true), 'a whole number from 1'],
  rate: [isWithin(0, 1, false), 'a number from 0 to 1'],
  status: [isWithin(200, 599, true), 'a status from 200 to 599'],
  contentType: [isText, 'a text'],
  body: [(value) => isText(value) || isObject(value), 'a text, an object or an array'],
  headers: [(value) => isObject(value) && Object.values(value as object).every(isText), 'an object of texts'],
  delayMs: [isWithin(0, 2 ** 31 - 1, false), 'a number of milliseconds'],
  hang: [isTrue, 'true'],
  reset: [(value) => value === 'beforeHeaders' || value === 'midBody', '"beforeHeaders" or "midBody"'],
  truncate: [isTrue, 'true'],
  patch: [
    (value) => Array.isArray(value) && value.every(isPatchStep),
    'a list of { path, value } or { path, remove: true }',
  ],
};

/** Takes an untyped value for a fault, or throws a FaultError. A misspelt property is refused, since it would do nothing. */
export function readFault(input: unknown, routes: readonly string[]): Fault {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw new FaultError('A fault is a JSON object.');
  }
  for (const [name, value] of Object.entries(input)) {
    if (!Object.hasOwn(fields, name)) {
      throw new FaultError(`A fault has no "${name}". It has: ${Object.keys(fields).join(', ')}.`);
    }
    const [check, expected] = fields[name as keyof Fault];
    if (!check(value)) throw new FaultError(`"${name}" must be ${expected}.`);
  }
  const fault = input as Fault;
  if (!routes.includes(fault.route)) {
    throw new FaultError(`"route" must be one of: ${routes.join(', ')}.`);
  }
  return fault;
}

function isPatchStep(step: unknown): boolean {
  if (typeof step !== 'object' || step === null || !('path' in step)) return false;
  // A step that ends in __proto__ would change what every object of the process inherits.
  const isPath =
    Array.isArray(step.path) && step.path.every((key) => typeof key === 'string' && key !== '__proto__');
  return isPath && ('remove' in step ? step.remove === true : 'value' in step);
}
