/** Returned rows that cost as much as one upstream call. */
const ROWS_PER_POINT = 100;
/** Scanned rows cost less than returned rows. */
const SCANNED_PER_POINT = 2_000;
/** A long answer takes time and memory, however few rows it has. */
const BYTES_PER_POINT = 100 * 1024;

/** What an operation did, or what it may do. */
export interface Spending {
  readonly calls: number;
  readonly rows: number;
  /** Rows of long lists that were scanned and not returned. Known only afterwards. */
  readonly scanned?: number;
  /** The length of the answer. Known only afterwards. */
  readonly bytes?: number;
}

/** Returns the points that an operation costs, at least one. */
export const pointsFor = ({ calls, rows, scanned = 0, bytes = 0 }: Spending): number =>
  Math.max(
    1,
    calls +
      Math.floor(rows / ROWS_PER_POINT) +
      Math.floor(scanned / SCANNED_PER_POINT) +
      Math.floor(bytes / BYTES_PER_POINT),
  );

/** Returns the same for a part of what a client receives, which may cost a part of a point. */
export const pointsOf = ({ calls, rows, scanned = 0, bytes = 0 }: Spending): number =>
  calls + rows / ROWS_PER_POINT + scanned / SCANNED_PER_POINT + bytes / BYTES_PER_POINT;
