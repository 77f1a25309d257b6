import type { GoalResult } from './check-goals.ts';
import type { RowResult } from './measured.ts';

/** What a run of the benchmark writes with `--json`. */
export interface Report {
  readonly date: string;
  readonly machine: {
    readonly node: string;
    readonly processor: string;
    readonly cores: number;
    readonly pinned: boolean;
  };
  readonly rounds: number;
  readonly rows: readonly RowResult[];
  readonly goals: readonly GoalResult[];
}

/** More digits would be noise. */
const DIGITS = 4;

/** JSON that a person can read and compare. Figures that nobody knows become null. */
export const reportJson = (report: Report): string =>
  `${JSON.stringify(
    report,
    (_, value) =>
      typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(DIGITS)) : value,
    1,
  )}\n`;

/** Reads what {@link reportJson} wrote. */
export const readReport = (json: string): Report =>
  JSON.parse(json, (_, value) => (value === null ? Number.NaN : value)) as Report;
