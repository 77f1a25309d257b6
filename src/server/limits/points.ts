/** Returned rows that cost as much as one upstream call. */
const ROWS_PER_POINT = 100;
/** Scanned rows cost less than returned rows. */
const SCANNED_PER_POINT = 2_000;

/** What an operation did, or what it may do. */
export interface Spending {
  readonly calls: number;
  readonly rows: number;
  /** Rows of long lists that were scanned and not returned. Known only afterwards. */
  readonly scanned?: number;
}

/** Returns the points that an operation costs, at least one. */
export const pointsFor = ({ calls, rows, scanned = 0 }: Spending): number =>
  Math.max(1, calls + Math.floor(rows / ROWS_PER_POINT) + Math.floor(scanned / SCANNED_PER_POINT));
