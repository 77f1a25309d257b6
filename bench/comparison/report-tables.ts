import { median, spread } from '../ratios.ts';
import { disturbance } from './disturbance.ts';
import type { Figures, RowResult, StepResult } from './measured.ts';
import { shown } from './numbers.ts';
import type { Report } from './report.ts';

/** The tables of the documentation page, in Markdown. */
export function reportTables({ date, machine, rounds, rows, goals }: Report): string {
  const day = date.slice(0, 10);
  const disturbed = disturbance(rows);
  return `Measured on ${day} with Node ${machine.node} on ${machine.cores} cores of ${machine.processor}${
    machine.pinned ? ', one for the server, one for the upstream and the load' : ''
  }. Medians of ${rounds} rounds, with the lowest and the highest.${disturbed === undefined ? '' : `\n\n${disturbed}`}

### Goals

${markdown(
  ['', 'Measured', 'By CPU time', 'Goal', ''],
  goals.map(({ text, value, byCpu, goal, isMet }) => [
    text,
    ranged(value),
    byCpu === null || Number.isNaN(byCpu) ? '' : shown(byCpu),
    goal.replace('>=', '≥').replace('<=', '≤'),
    isMet ? 'met' : 'missed',
  ]),
)}
${rows.map(rowTables).join('\n')}`;
}

const rowTables = ({ title, steps }: RowResult): string =>
  `### ${title}\n\n${steps.map((step) => `${steps.length > 1 ? `${step.title}:\n\n` : ''}${stepTable(step)}`).join('\n')}`;

function stepTable({ contestants, figure }: StepResult): string {
  return markdown(
    [
      '',
      figure === 'ms' ? 'ms' : 'Requests/s',
      'p50 ms',
      'p99 ms',
      'CPU s per 1,000',
      'Waited for its core',
      'Upstream calls per request',
      'MB idle',
      'MB after',
      'Event loop p99 ms',
    ],
    Object.entries(contestants).map(([name, all]) => {
      const middle = (pick: (figures: Figures) => number) => shown(median(all.map(pick)));
      return [
        name,
        ranged(spread(all.map((figures) => figures[figure]))),
        middle(({ p50Ms }) => p50Ms),
        middle(({ p99Ms }) => p99Ms),
        middle(({ cpuSecondsPerThousand }) => cpuSecondsPerThousand),
        `${middle(({ waited }) => waited * 100)} %`,
        middle(({ upstreamCalls, requests }) => upstreamCalls / requests),
        middle(({ idleMb }) => idleMb),
        middle(({ memoryMb }) => memoryMb),
        middle(({ loopP99Ms }) => loopP99Ms),
      ];
    }),
  );
}

const ranged = ({ median: middle, min, max }: { median: number; min: number; max: number }) =>
  `${shown(middle)} (${shown(min)} to ${shown(max)})`;

const markdown = (head: readonly string[], lines: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
