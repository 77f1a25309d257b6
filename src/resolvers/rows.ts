import type { Row } from '../upstream/row.ts';

/** The rows that could be read. For look-ups and filters, where a broken row can match nothing. */
export function readable<T>(rows: readonly Row<T>[]): T[] {
  return rows.filter((row): row is Exclude<Row<T>, Error> => !(row instanceof Error)) as T[];
}
