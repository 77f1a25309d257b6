import { median, type Spread, spread } from '../ratios.ts';
import { type Goal, goalsFor, type Place } from './goals.ts';
import type { Figures, RowResult } from './measured.ts';

export interface GoalResult {
  readonly text: string;
  readonly value: Spread;
  /** The same ratio by CPU time, which others on the machine disturb less; of requests per second only. */
  readonly byCpu: number | null;
  readonly goal: string;
  readonly isMet: boolean;
}

/** Holds what was measured against the goals. Goals of rows that were not measured are left out. */
export function checkGoals(
  rows: readonly RowResult[],
  goals: readonly Goal[] = goalsFor(rows),
): GoalResult[] {
  const find = ({ row, step, who }: Place): readonly Figures[] =>
    rows.find(({ name }) => name === row)?.steps.find(({ name }) => name === step)?.contestants[who] ?? [];
  return goals.flatMap((goal) => {
    const value = measuredValue(goal, find);
    // Not measured, or nobody could read the figure on this system.
    if (!value || Number.isNaN(value.median)) return [];
    const { text, atMost = Number.POSITIVE_INFINITY, atLeast = Number.NEGATIVE_INFINITY } = goal;
    const isMet = value.median <= atMost && value.median >= atLeast;
    return [{ text, value, byCpu: cpuRatio(goal, find), goal: boundOf(goal), isMet }];
  });
}

type Find = (place: Place) => readonly Figures[];

/** Ratios are within a round. Of two rows, which have no rounds in common, the median of the other is taken. */
function measuredValue({ of, over }: Goal, find: Find): Spread | undefined {
  const values = find(of).map((figures) => figures[of.figure]);
  if (values.length === 0) return undefined;
  if (!over) return spread(values);
  const others = find(over).map((figures) => figures[over.figure]);
  if (others.length === 0) return undefined;
  const isOneRow = of.row === over.row && others.length === values.length;
  const other = median(others);
  return spread(values.map((value, round) => value / (isOneRow ? (others[round] ?? Number.NaN) : other)));
}

function cpuRatio({ of, over }: Goal, find: Find): number | null {
  if (of.figure !== 'perSecond' || !over) return null;
  const cpu = (place: Place) => median(find(place).map((figures) => figures.cpuSecondsPerThousand));
  return cpu(over) / cpu(of);
}

function boundOf({ atMost, atLeast }: Goal): string {
  if (atMost === atLeast) return `= ${atMost}`;
  return atMost === undefined ? `>= ${atLeast}` : `<= ${atMost}`;
}
