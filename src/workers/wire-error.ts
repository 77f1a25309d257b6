import { ChangesExpired } from '../directory/changes/change.ts';
import { DirectoryUnavailable } from '../directory/directory-index.ts';
import * as upstreamErrors from '../upstream/errors.ts';

/** An error as another process reads it: its class by name, and its facts. */
export interface WireError {
  readonly type: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly cause: WireError | undefined;
}

const MOST_CAUSES = 3;

/** Everything that the clients of the upstream and the directories throw. */
const types = new Map<string, abstract new (...args: never[]) => Error>(
  [...Object.values(upstreamErrors), ChangesExpired, DirectoryUnavailable].map((type) => [type.name, type]),
);

export function toWireError(error: Error, causes = MOST_CAUSES): WireError {
  const { cause, ...facts } = { ...error } as Record<string, unknown>;
  const inner = error.cause ?? cause;
  return {
    type: error.constructor.name,
    message: error.message,
    stack: error.stack,
    facts,
    cause: inner instanceof Error && causes > 0 ? toWireError(inner, causes - 1) : undefined,
  };
}

/** Returns an error of the same class. One of an unknown class is an `Error` with its name. */
export function fromWireError({ type, message, stack, facts, cause }: WireError): Error {
  const inner = cause && { cause: fromWireError(cause) };
  // Without the constructor of the class, which takes other arguments.
  const error = Reflect.construct(Error, [message, inner], types.get(type) ?? Error) as Error;
  Object.defineProperty(error, 'stack', { value: stack, configurable: true, writable: true });
  return Object.assign(error, facts);
}
