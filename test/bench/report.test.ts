import { describe, expect, it } from 'vitest';
import { chart } from '../../bench/comparison/chart.ts';
import { withSection } from '../../bench/comparison/marked-section.ts';
import { readReport, reportJson } from '../../bench/comparison/report.ts';
import { reportTables } from '../../bench/comparison/report-tables.ts';
import { figures, rowWith } from './figures.ts';

const row = rowWith('q2v', 'warm', {
  constant: [figures({ perSecond: 40_000 }), figures({ perSecond: 50_000 }), figures({ perSecond: 20_000 })],
  'a<b': [figures({ perSecond: 10_000 })],
});
const report = {
  date: '2026-11-28T09:00:00.000Z',
  machine: { node: '26.10.0', processor: 'Some CPU', cores: 2, pinned: true },
  rounds: 3,
  rows: [row],
  goals: [
    {
      text: 'q2v warm',
      value: { median: 0.761234, min: 0.5, max: 0.9 },
      byCpu: 0.8,
      goal: '>= 0.75',
      isMet: true,
    },
  ],
};

describe('the chart', () => {
  const svg = chart([row]);
  const bars = [...svg.matchAll(/<rect class="bar[^"]*" x="\d+" y="\d+" width="([\d.]+)"/g)];

  it('has a bar as long as the median of each server, on one scale up to the highest round', () => {
    expect(bars.map(([, width]) => Number(width))).toEqual([160, 40]);
    expect(svg).toContain('>40,000</text>');
  });

  it('escapes names', () => {
    expect(svg).toContain('>a&lt;b</text>');
    expect(svg).not.toContain('a<b');
  });

  it('has colors for dark pages', () => {
    expect(svg).toContain('@media (prefers-color-scheme: dark)');
  });
});

describe('the report', () => {
  it('is read as it was written, with four digits', () => {
    const unknown = {
      ...report,
      rows: [rowWith('q2v', 'warm', { url: [figures({ memoryMb: Number.NaN })] })],
    };
    const read = readReport(reportJson(unknown));
    expect(read.rows).toEqual(unknown.rows);
    expect(read.goals[0]?.value).toEqual({ median: 0.7612, min: 0.5, max: 0.9 });
  });

  it('shows medians with the lowest and the highest, and goals', () => {
    const tables = reportTables(report);
    expect(tables).toContain('| constant | 40,000 (20,000 to 50,000) | 1 |');
    expect(tables).toContain('| q2v warm | 0.761 (0.5 to 0.9) | 0.8 | ≥ 0.75 | met |');
  });

  it('says that the machine was not quiet when servers had to wait for their core', () => {
    const waiting = (waited: number) =>
      reportTables({ ...report, rows: [rowWith('q2v', 'warm', { gateway: [figures({ waited })] })] });
    expect(waiting(0.3)).toContain('waited for their core 30 % of the time');
    expect(waiting(0.02)).not.toContain('not quiet');
  });

  it('replaces its section of a page and nothing else', () => {
    const page = 'a\n<!-- benchmark -->\nold\n<!-- end of benchmark -->\nb\n';
    expect(withSection(page, 'benchmark', 'new\n')).toBe(
      'a\n<!-- benchmark -->\nnew\n<!-- end of benchmark -->\nb\n',
    );
    expect(() => withSection(page, 'other', '')).toThrow('no section other');
  });
});
