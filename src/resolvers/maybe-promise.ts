/** A value that is known already, or a promise of it. A known value is returned as it is: promises cost time per row. */
export type MaybePromise<T> = T | Promise<T>;

export const isPromise = (value: unknown): value is Promise<unknown> =>
  typeof (value as Promise<unknown> | undefined)?.then === 'function';

/** Returns an error instead of throwing it, for one of several items whose failure must not be that of the others. */
export function settled<T>(find: () => T): T | Error {
  try {
    return find();
  } catch (error) {
    return error as Error;
  }
}

/** Returns `change(value)`, at once if the value is known. */
export function mapValue<T, Result>(
  value: MaybePromise<T>,
  change: (value: T) => MaybePromise<Result>,
): MaybePromise<Result> {
  return isPromise(value) ? (value as Promise<T>).then(change) : change(value);
}
