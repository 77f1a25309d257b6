import { HttpError } from '../http/http-error.ts';

/** A route under /_sandbox/. */
export interface ControlRoute {
  readonly method: string;
  readonly template: string;
  /** Query parameters that it knows; none when left out. */
  readonly parameters?: readonly string[];
  handle(call: ControlCall): ControlAnswer;
}

interface ControlCall {
  readonly query: URLSearchParams;
  /** The body as JSON; throws a HttpError when it is none. */
  json(): unknown;
  /** The same, and undefined when there is no body. */
  optionalJson(): unknown;
  /** The path parameter of this name, decoded. */
  param(name: string): string;
}

export interface ControlAnswer {
  status: number;
  /** Sent as JSON. */
  value?: object;
  /** Sent as it is. */
  text?: { contentType: string; body: string };
}

/** Does it, and says so without a body. */
export function run(action: () => void): ControlAnswer {
  action();
  return { status: 204 };
}

/** Refuses a query parameter that the route does not know, since a misspelt one would do nothing. */
export function checkQuery({ parameters = [] }: ControlRoute, query: URLSearchParams): void {
  const wrong = [...query.keys()].find((name) => !parameters.includes(name));
  if (wrong === undefined) return;
  const known = parameters.length > 0 ? `There is: ${parameters.join(', ')}.` : 'There is none.';
  throw new HttpError(400, `There is no query parameter "${wrong}" here. ${known}`);
}

/**
 * The properties of a body that may be left out altogether. A property of another name is refused, since a misspelt one
 * would do nothing.
 */
export function readObject<N extends string>(
  input: unknown,
  names: readonly N[],
): Partial<Record<N, unknown>> {
  if (input === undefined) return {};
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw new HttpError(400, 'The body must be a JSON object.');
  }
  const wrong = Object.keys(input).find((name) => !names.some((known) => known === name));
  if (wrong === undefined) return input;
  throw new HttpError(400, `There is no "${wrong}" here. There is: ${names.join(', ')}.`);
}
