const FIELDS_PER_ROW = 20;

/** Counts the rows of an answer as a client sees it: every object, and a wide one once for each twenty fields begun. */
export function rowsOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const inside = Object.values(value).reduce((sum: number, item) => sum + rowsOf(item), 0);
  return Array.isArray(value)
    ? inside
    : inside + Math.max(1, Math.ceil(Object.keys(value).length / FIELDS_PER_ROW));
}
