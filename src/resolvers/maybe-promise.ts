/** A value that is known already, or a promise of it. A known value is returned as it is: promises cost time per row. */
export type MaybePromise<T> = T | Promise<T>;

export const isPromise = (value: unknown): value is Promise<unknown> =>
  typeof (value as Promise<unknown> | undefined)?.then === 'function';

/** Returns `change(value)`, at once if the value is known. */
export function mapValue<T, Result>(
  value: MaybePromise<T>,
  change: (value: T) => MaybePromise<Result>,
): MaybePromise<Result> {
  return isPromise(value) ? (value as Promise<T>).then(change) : change(value);
}
