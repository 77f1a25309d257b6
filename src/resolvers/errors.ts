/**
 * An error that a caller can cause thousands of times in one operation. It has no stack: taking one, and printing it for
 * the error that graphql-js puts around it, costs more than everything else about it.
 */
class ExpectedError extends Error {
  constructor(message: string) {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(message);
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** An invalid argument. Thrown before any upstream call that the argument would cause. */
export class BadUserInput extends ExpectedError {
  override name = 'BadUserInput';
  readonly code = 'BAD_USER_INPUT';
  /** The argument's name in the schema, with a dotted path into an input object. */
  readonly argument: string;
  /** What is wrong with it, without its name. */
  readonly problem: string;

  constructor(argument: string, problem: string) {
    super(`${argument}: ${problem}`);
    this.argument = argument;
    this.problem = problem;
  }
}

/** The caller lacks a scope. Thrown before any upstream call. */
export class MissingScope extends ExpectedError {
  override name = 'MissingScope';
  readonly code = 'MISSING_SCOPE';
  /** The scopes that the caller needs. */
  readonly scopes: readonly string[];

  constructor(scopes: readonly string[]) {
    super(`needs ${scopes.join(', ')}`);
    this.scopes = scopes;
  }
}

/** Changes after the cursor are no longer kept, or were lost with their file. */
export class CursorExpired extends ExpectedError {
  override name = 'CursorExpired';
  readonly code = 'CURSOR_EXPIRED';
  /** The oldest cursor from which every change can be read. */
  readonly oldestCursor: string;

  constructor(oldestCursor: string) {
    super('the changes after this cursor are no longer kept');
    this.oldestCursor = oldestCursor;
  }
}

/** A listed object can no longer be read: it was deactivated, or moved to another partner. */
export class NotVisible extends ExpectedError {
  override name = 'NotVisible';
  readonly code = 'NOT_FOUND';
}

/** Returns what was found. Throws {@link NotVisible} if nothing was, for lookups by an id that the gateway returned. */
export function present<T>(found: T | null | undefined): T {
  if (found === null || found === undefined) throw new NotVisible('not visible, or no longer visible');
  return found;
}
