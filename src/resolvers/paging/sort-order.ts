/** How the rows of a list are identified and sorted. */
export interface SortOrder<T> {
  /** Part of every cursor, so that a cursor of another order is refused instead of misread. */
  readonly name: string;
  /** How many parts a key has. */
  readonly parts: number;
  /** What a cursor stores of a row. A cursor stays valid after its row is gone. */
  readonly key: (row: T) => readonly string[];
  readonly compare: (left: readonly string[], right: readonly string[]) => number;
}
