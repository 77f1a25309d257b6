import { readFileSync, writeFileSync } from 'node:fs';
import { chart } from './comparison/chart.ts';
import { withSection } from './comparison/marked-section.ts';
import { readReport } from './comparison/report.ts';
import { reportTables } from './comparison/report-tables.ts';

// Writes the tables and the chart of docs/performance.md from bench/results.json.
const at = (path: string) => new URL(`../${path}`, import.meta.url);
const report = readReport(readFileSync(at('bench/results.json'), 'utf8'));
const page = readFileSync(at('docs/performance.md'), 'utf8');
writeFileSync(at('docs/performance.md'), withSection(page, 'benchmark', reportTables(report)));
writeFileSync(at('docs/images/performance.svg'), chart(report.rows));
