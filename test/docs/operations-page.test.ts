import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createMetrics } from '../../src/telemetry/metrics.ts';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const text = await createMetrics(64).text();
const metricNames = [...text.matchAll(/^# TYPE (\S+) /gm)].map(([, name = '']) => name);
const alerts = [...read('ops/prometheus/alerts.yml').matchAll(/- alert: (\w+)\n\s+expr: '?(.*?)'?\n/g)];
interface Panel {
  readonly title: string;
  readonly targets: readonly { readonly expr: string }[];
}
const { panels } = JSON.parse(read('ops/grafana/dashboard.json')) as { panels: readonly Panel[] };

/** The metrics that an expression reads. */
const metricsIn = (expression: string) =>
  [...expression.matchAll(/\b([a-z]+_[a-z0-9_]+)\b(?=[{[ )]|$)/g)]
    .map(([, name = '']) => name.replace(/_(bucket|sum|count)$/, ''))
    .filter((name) => !/^(histogram_quantile|http_(route|response_status_c\w+)|name_class)$/.test(name));

it('lists every metric with its type and meaning in docs/operations.md', () => {
  const help = new Map(
    [...text.matchAll(/^# HELP (\S+) (.*)$/gm)].map(([, name = '', what]) => [name, what]),
  );
  const rows = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)]
    .filter(([, name = '']) => !/^(nodejs|process)_/.test(name))
    .map(([, name = '', type]) => `| \`${name}\` | ${type} | ${help.get(name)} |`);
  const table = ['| Metric | Type | Meaning |', '|---|---|---|', ...rows].join('\n');
  expect(
    read('docs/operations.md')
      .split(/<!-- (?:end of )?metrics -->/)[1]
      ?.trim(),
  ).toBe(table);
});

describe('alerts and dashboard', () => {
  it('have an entry each in the runbook, and the runbook has no other', () => {
    const entries = [...read('docs/runbook.md').matchAll(/^## (\w+)$/gm)].map(([, name]) => name);
    expect(entries).toEqual(alerts.map(([, name]) => name));
    expect(entries.length).toBeGreaterThan(10);
  });

  it.each([
    ...alerts.map(([, name = '', expression = '']) => [name, expression]),
    ...panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [title, expr])),
  ])('read metrics that exist: %s', (_name, expression) => {
    const read = metricsIn(expression ?? '').filter((name) => name !== 'up');
    expect(read.filter((name) => !metricNames.includes(name))).toEqual([]);
  });

  it('are about panels that the runbook names', () => {
    const named = [...read('docs/runbook.md').matchAll(/«([^»]+)»/g)].map(([, name = '']) => name);
    const known = new Set(panels.map(({ title }) => title.split(',')[0] ?? title));
    const isPanel = (name: string) => panels.some(({ title }) => title === name || title.startsWith(name));
    expect(known.size).toBeGreaterThan(10);
    expect(named.filter((name) => !isPanel(name) && !/TENANTS_FILE|outcome of a write/.test(name))).toEqual(
      [],
    );
  });
});
