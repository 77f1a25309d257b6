import { median, spread } from '../ratios.ts';
import type { RowResult, StepResult } from './measured.ts';
import { shown } from './numbers.ts';

interface Panel {
  readonly row: string;
  readonly step: string;
  readonly title: string;
  /** Bars beside which all others would be invisible. */
  readonly without?: string;
}

const panels: readonly Panel[] = [
  { row: 'q2v', step: 'warm', title: 'One unit, asked before' },
  { row: 'q2v-unseen', step: 'unseen', title: 'One unit, not asked before, data in memory' },
  { row: 'page', step: 'page', title: 'Page of 100 units, data in memory', without: 'constant' },
  { row: 'q3', step: 'warm', title: 'Price packages, asked before' },
  { row: 'q1-1000', step: 'cold', title: '1,000 units, first request of a process' },
  { row: 'q1-1000', step: 'repeated', title: '1,000 units, repeated' },
  { row: 'stampede', step: 'stampede', title: '50 clients at once, 100 units, new process' },
  { row: 'prefill', step: 'prefill', title: 'Orders with a new key each time' },
];

interface Bar {
  readonly name: string;
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

const WIDTH = 920;
const COLUMN = 460;
const MARGIN = 20;
const NAME = 145;
const BARS = 200;
const BAR = 16;
const LINE = 24;
const HEAD = 58;

/** Text in XML. */
const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Draws what was measured: one panel for each kind of work, one bar for each server. Fits light and dark pages. */
export function chart(rows: readonly RowResult[]): string {
  const drawn = panels.flatMap(({ row, step, title, without }) => {
    const result = rows.find(({ name }) => name === row)?.steps.find(({ name }) => name === step);
    return result ? [{ title, result, bars: barsOf(result).filter(({ name }) => name !== without) }] : [];
  });
  const pairs = drawn.flatMap((_, index) => (index % 2 === 0 ? [drawn.slice(index, index + 2)] : []));
  let top = MARGIN;
  const parts: string[] = [];
  for (const pair of pairs) {
    pair.forEach(({ title, result, bars }, column) => {
      parts.push(panel(MARGIN + column * COLUMN, top, title, result.figure, bars));
    });
    top += HEAD + Math.max(...pair.map(({ bars }) => bars.length)) * LINE + MARGIN;
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${top}" width="${WIDTH}" height="${top}" role="img" aria-label="What was measured">
<style>
  text { font: 13px system-ui, -apple-system, 'Segoe UI', sans-serif; fill: #1f2328; }
  .title { font-weight: 600; font-size: 14px; }
  .unit { fill: #59636e; font-size: 12px; }
  .bar { fill: #8c959f; }
  .ours { fill: #0969da; }
  .range { stroke: #1f2328; stroke-width: 1; }
  .name-ours { font-weight: 600; }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc; }
    .unit { fill: #9198a1; }
    .bar { fill: #656c76; }
    .ours { fill: #4493f8; }
    .range { stroke: #f0f6fc; }
  }
</style>
${parts.join('\n')}
</svg>
`;
}

const barsOf = ({ contestants, figure }: StepResult): Bar[] =>
  Object.entries(contestants).map(([name, all]) => ({
    name,
    ...spread(all.map((figures) => figures[figure])),
    median: median(all.map((figures) => figures[figure])),
  }));

function panel(
  left: number,
  top: number,
  title: string,
  figure: StepResult['figure'],
  bars: readonly Bar[],
): string {
  const unit = figure === 'ms' ? 'milliseconds; shorter is better' : 'requests per second; longer is better';
  const most = Math.max(...bars.map(({ max }) => max));
  const x = (value: number) => Number((left + NAME + (value / most) * BARS).toFixed(1));
  const lines = bars.map(({ name, median: middle, min, max }, index) => {
    const y = top + HEAD + index * LINE;
    const center = y + BAR / 2;
    const isOurs = name.startsWith('gateway');
    return `<text x="${left + NAME - 10}" y="${y + 13}" text-anchor="end"${isOurs ? ' class="name-ours"' : ''}>${escaped(name)}</text>
<rect class="bar${isOurs ? ' ours' : ''}" x="${left + NAME}" y="${y}" width="${Number((x(middle) - left - NAME).toFixed(1))}" height="${BAR}" rx="2"/>
<path class="range" d="M${x(min)} ${center}H${x(max)}M${x(min)} ${center - 3}v6M${x(max)} ${center - 3}v6"/>
<text x="${x(max) + 8}" y="${y + 13}">${shown(middle)}</text>`;
  });
  return `<text class="title" x="${left}" y="${top + 16}">${escaped(title)}</text>
<text class="unit" x="${left}" y="${top + 36}">${unit}</text>
${lines.join('\n')}`;
}
