import type { Series } from './prometheus.ts';

/** What one phase of a run looked like on the dashboard. */
export interface PhaseCharts {
  readonly name: string;
  readonly fired: readonly string[];
  readonly charts: readonly Chart[];
}

export interface Chart {
  readonly title: string;
  readonly unit: string;
  readonly queries: readonly { readonly expr: string; readonly series: readonly Series[] }[];
}

const WIDTH = 250;
const HEIGHT = 90;
const COLOURS = ['#1f77b4', '#ff7f0e', '#2ca02c', '#d62728', '#9467bd', '#8c564b', '#17becf'];

const escapeHtml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

const inUnit = (value: number, unit: string) => {
  if (unit === 'bytes') return `${Math.round(value / 1e6)} MB`;
  if (unit === 's') return value < 1 ? `${Math.round(value * 1_000)} ms` : `${value.toFixed(1)} s`;
  if (unit === 'percentunit') return `${Math.round(value * 100)} %`;
  return String(Math.round(value * 100) / 100);
};

function draw({ title, unit, queries }: Chart): string {
  const series = queries.flatMap((query) => query.series);
  const points = series.flatMap((line) => line.points).filter(([, value]) => Number.isFinite(value));
  if (points.length === 0)
    return `<figure><figcaption>${escapeHtml(title)}</figcaption><p>no data</p></figure>`;
  const times = points.map(([time]) => time);
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const top = Math.max(...points.map(([, value]) => value), 1e-9);
  const x = (time: number) => (((time - first) / Math.max(1, last - first)) * WIDTH).toFixed(1);
  const y = (value: number) => (HEIGHT - (value / top) * (HEIGHT - 4)).toFixed(1);
  const lines = series.map((line, index) => {
    const path = line.points
      .filter(([, value]) => Number.isFinite(value))
      .map(([time, value]) => `${x(time)},${y(value)}`)
      .join(' ');
    return `<polyline points="${path}" stroke="${COLOURS[index % COLOURS.length]}"/>`;
  });
  const names = series.map(({ labels }, index) => {
    const name = Object.values(labels).join(' ').replace('/management/', '');
    return `<span style="color:${COLOURS[index % COLOURS.length]}">${escapeHtml(name)}</span>`;
  });
  return `<figure><figcaption>${escapeHtml(title)} <b>${inUnit(top, unit)}</b></figcaption>
<svg width="${WIDTH}" height="${HEIGHT}">${lines.join('')}</svg><p>${names.join(' · ')}</p></figure>`;
}

/** Returns a page of HTML with a row of charts for each phase. The figure beside a title is the top of its chart. */
export const drawCharts = (phases: readonly PhaseCharts[]): string => `<!doctype html>
<meta charset="utf-8"><title>Faults and the dashboard</title>
<style>
body { font: 11px sans-serif; margin: 12px }
h2 { font-size: 14px; margin: 14px 0 4px }
section { display: grid; grid-template-columns: repeat(6, ${WIDTH + 12}px); gap: 6px }
figure { margin: 0 } figcaption { white-space: nowrap; overflow: hidden } p { margin: 0; font-size: 9px }
svg { background: #f6f6f6 } polyline { fill: none; stroke-width: 1.3 }
</style>
${phases
  .map(
    ({ name, fired, charts }) =>
      `<h2>${escapeHtml(name)} (fired: ${escapeHtml(fired.join(', ') || 'nothing')})</h2><section>${charts.map(draw).join('')}</section>`,
  )
  .join('\n')}
`;
