import type { Row } from '../upstream/row.ts';

/** Returns the readable rows. For look-ups, which a broken row never matches. */
export function readable<T>(rows: readonly Row<T>[]): T[] {
  return rows.filter((row): row is Exclude<Row<T>, Error> => !(row instanceof Error)) as T[];
}
