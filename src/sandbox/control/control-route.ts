import { HttpError } from '../http/http-error.ts';

/** A route under /_sandbox/. */
export interface ControlRoute {
  readonly method: string;
  readonly template: string;
  /** The query parameters that it accepts; none by default. */
  readonly parameters?: readonly string[];
  handle(call: ControlCall): ControlAnswer;
}

interface ControlCall {
  readonly query: URLSearchParams;
  /** Returns the body as JSON. Throws an HttpError when the body is not JSON. */
  json(): unknown;
  /** Returns the body as JSON, or undefined when there is no body. */
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

/** Runs the action and answers 204. */
export function run(action: () => void): ControlAnswer {
  action();
  return { status: 204 };
}

/** Throws an HttpError for an unknown query parameter, since a misspelt one would have no effect. */
export function checkQuery({ parameters = [] }: ControlRoute, query: URLSearchParams): void {
  const wrong = [...query.keys()].find((name) => !parameters.includes(name));
  if (wrong === undefined) return;
  const known =
    parameters.length > 0 ? `Its parameters: ${parameters.join(', ')}.` : 'It has no query parameters.';
  throw new HttpError(400, `This route has no query parameter "${wrong}". ${known}`);
}

/**
 * Returns the properties of a body; none when there is no body. Throws an HttpError for an unknown property, since a
 * misspelt one would have no effect.
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
  throw new HttpError(
    400,
    `The body has an unknown property "${wrong}". Known properties: ${names.join(', ')}.`,
  );
}
