import { columns, type ExportRow } from './rows.ts';

/** How rows are written to a file, and which unit a line of it is about. */
export interface Format {
  /** The first line; undefined for none. */
  readonly head: string | undefined;
  write(row: ExportRow): string;
  /** Returns undefined for a line that was not written by {@link Format.write}. */
  msnOf(line: string): string | undefined;
}

export const formatNames = ['csv', 'jsonl'] as const;
export type FormatName = (typeof formatNames)[number];

/** Spreadsheets run a cell that begins like this as a formula, and names are chosen by merchants. */
const FORMULA = /^[=+\-@\t\r]/;

function cell(value: string | boolean | null): string {
  if (value === null) return '';
  const text = String(value);
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\n\r;]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** RFC 4180 with commas, and JSON lines. The upstream's text has no line breaks any more. */
export const formats: Readonly<Record<FormatName, Format>> = {
  csv: {
    head: columns.join(','),
    write: (row) => columns.map((name) => cell(row[name])).join(','),
    msnOf: (line) => /^(\d{4,10}),/.exec(line)?.[1],
  },
  jsonl: {
    head: undefined,
    write: (row) => JSON.stringify(row),
    msnOf: (line) => /^{"msn":"(\d{4,10})",/.exec(line)?.[1],
  },
};
