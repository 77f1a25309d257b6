import { parseArgs } from 'node:util';
import { csvLine } from './csv.ts';
import { progressBar } from './progress-bar.ts';
import { type Row, readUnits } from './read-units.ts';
import { run } from './run.ts';
import { writeWholeFile } from './write-whole-file.ts';

// node export-units.ts [--page-size 100] [file] writes all sales units to a CSV file, units.csv by default.

const { values, positionals } = parseArgs({
  allowPositionals: true,
  // A gateway with a low RATE_LIMIT_PER_MINUTE takes only smaller pages.
  options: { 'page-size': { type: 'string', default: '100' } },
});
const [file = 'units.csv'] = positionals;
const pageSize = Number(values['page-size']);
if (!Number.isInteger(pageSize) || pageSize < 1) {
  console.error('--page-size must be a whole number of at least 1.');
  process.exit(1);
}

const lineOf = ({ unit }: Row) =>
  unit
    ? csvLine([
        unit.msn,
        unit.name,
        unit.merchant?.name,
        unit.merchant?.businessIdentifier.scheme,
        unit.merchant?.businessIdentifier.value,
        unit.configuration?.captureType,
      ])
    : '';

await run(async (ask, note) => {
  const bar = progressBar(process.stderr, 'sales units');
  const lines = [csvLine(['msn', 'name', 'merchant', 'register', 'organisation_number', 'capture_type'])];
  let done = 0;
  for await (const { total, rows } of readUnits(ask, pageSize)) {
    for (const row of rows) {
      lines.push(lineOf(row));
      if (row.errors.length > 0) bar.clear();
      for (const { path = [], extensions } of row.errors)
        note(
          row.unit
            ? `${row.unit.msn}: ${path.slice(path.findIndex(Number.isInteger) + 1).join('.')} is missing (${extensions?.code})`
            : `A row is missing (${extensions?.code})`,
        );
    }
    done += rows.length;
    bar.show(done, total);
  }
  bar.clear();
  await writeWholeFile(file, lines.join(''));
  console.error(`${done} sales units in ${file}`);
});
