import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { chart } from '../../bench/comparison/chart.ts';
import { withSection } from '../../bench/comparison/marked-section.ts';
import { readReport } from '../../bench/comparison/report.ts';
import { reportTables } from '../../bench/comparison/report-tables.ts';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

it('shows what was measured: docs/performance.md and its chart are written by npm run bench:page', () => {
  const report = readReport(read('bench/results.json'));
  const page = read('docs/performance.md');
  expect(withSection(page, 'benchmark', reportTables(report))).toBe(page);
  expect(read('docs/images/performance.svg')).toBe(chart(report.rows));
});
