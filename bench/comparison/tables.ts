import { median, spread } from '../ratios.ts';
import { table } from '../table.ts';
import type { GoalResult } from './check-goals.ts';
import type { Figures, RowResult, StepResult } from './measured.ts';
import { shown } from './numbers.ts';

/** Writes one row as text: a table for each step. */
export function rowText({ title, steps, mistakes }: RowResult): string {
  const tables = steps.map((step) => `${step.title}\n${stepTable(step)}`);
  return [
    `${title}\n`,
    ...tables,
    ...mistakes.map(({ text, isOurs }) => `${isOurs ? 'WRONG' : 'wrong'}  ${text}\n`),
  ].join('\n');
}

function stepTable({ contestants, figure }: StepResult): string {
  const head = [
    '',
    figure === 'ms' ? 'ms' : 'requests/s',
    'min',
    'max',
    'p50 ms',
    'p99 ms',
    'CPU s/1000',
    'waited',
    'calls/request',
    'idle MB',
    'after MB',
    'loop p99 ms',
  ];
  return table(
    head,
    Object.entries(contestants).map(([name, all]) => {
      const middle = (pick: (figures: Figures) => number) => median(all.map(pick));
      const main = spread(all.map((figures) => figures[figure]));
      return [
        name,
        ...[main.median, main.min, main.max].map(shown),
        shown(middle(({ p50Ms }) => p50Ms)),
        shown(middle(({ p99Ms }) => p99Ms)),
        shown(middle(({ cpuSecondsPerThousand }) => cpuSecondsPerThousand)),
        `${Math.round(100 * middle(({ waited }) => waited))} %`,
        shown(middle(({ upstreamCalls, requests }) => upstreamCalls / requests)),
        shown(middle(({ idleMb }) => idleMb)),
        shown(middle(({ memoryMb }) => memoryMb)),
        shown(middle(({ loopP99Ms }) => loopP99Ms)),
      ];
    }),
  );
}

export const goalText = (results: readonly GoalResult[]): string =>
  table(
    ['goal', 'median', 'min', 'max', 'by CPU', 'goal', ''],
    results.map(({ text, value, byCpu, goal, isMet }) => [
      text,
      ...[value.median, value.min, value.max].map(shown),
      byCpu === null ? '' : shown(byCpu),
      goal,
      isMet ? 'met' : 'MISSED',
    ]),
  );
