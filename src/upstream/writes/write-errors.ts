import type { UpstreamWrite } from '../endpoint.ts';
import {
  ClientLeft,
  DeadlineExceeded,
  IdempotencyKeyReused,
  OutcomeUnknown,
  type UpstreamConflict,
  UpstreamContractError,
  UpstreamRejected,
  UpstreamUnauthorized,
} from '../errors.ts';

const isEndOfOperation = (error: Error): boolean =>
  error instanceof DeadlineExceeded || error instanceof ClientLeft;

/** Returns the error for an operation that ends before its write: a write that may have succeeded must not look failed. */
export function endError(reason: Error, mayHaveSucceeded: boolean): Error {
  return mayHaveSucceeded && isEndOfOperation(reason)
    ? new OutcomeUnknown('the operation ended before its write', { cause: reason })
    : reason;
}

/**
 * Throws the error for a write whose keys could not be checked. A caller without valid keys must not learn whether an
 * idempotency key was used before, so used and unused ones give the same error.
 */
export function throwNotProved(error: Error, isFresh: boolean): never {
  if (isEndOfOperation(error)) throw endError(error, !isFresh);
  if (isFresh || error instanceof UpstreamUnauthorized) throw error;
  throw new OutcomeUnknown('the outcome is not disclosed, because the keys could not be checked', {
    cause: error,
  });
}

/** Returns the error for a conflict. A key created for this write cannot belong to another input. */
export function conflictError(error: UpstreamConflict, isFresh: boolean): Error {
  const { route, status, problem } = error;
  return isFresh
    ? new UpstreamContractError('conflict about a new idempotency key', {
        route,
        status,
        problem,
        cause: error,
      })
    : new IdempotencyKeyReused('the upstream knows the key for another input', { cause: error });
}

/** Returns the error for an input that the upstream refused when it was first sent. */
export function storedRefusal(
  { endpoint }: UpstreamWrite<unknown>,
  names: readonly string[],
): UpstreamRejected {
  const extraDetails = names.map((name) => ({ name, reason: '' }));
  return new UpstreamRejected('refused before', {
    route: endpoint.route,
    problem: { writtenBy: 'api', extraDetails },
  });
}

/** Returns the names of the refused input fields. */
export function refusedFields({ problem }: UpstreamRejected): readonly string[] {
  return (problem?.extraDetails ?? []).map(({ name }) => name);
}
