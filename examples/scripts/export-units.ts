import { csvLine } from './csv.ts';
import { progressBar } from './progress-bar.ts';
import { type Row, readUnits } from './read-units.ts';
import { run } from './run.ts';
import { writeWholeFile } from './write-whole-file.ts';

// node export-units.ts [file] writes all sales units to a CSV file, units.csv by default.

const [file = 'units.csv'] = process.argv.slice(2);
const PAGE_SIZE = 100;

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
  for await (const { total, rows } of readUnits(ask, PAGE_SIZE)) {
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
