/** Returns text as one line of Markdown that can be a cell of a table. */
export const cell = (text: string) =>
  text
    .replaceAll(/\s*\n\s*/g, ' ')
    .replaceAll('|', '\\|')
    .replaceAll('<', '&lt;')
    .trim();

/** Returns a table without the columns that are empty in every row. The first column stays. */
export function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const used = columns.map((_, at) => at === 0 || rows.some((row) => row[at]));
  const line = (cells: readonly string[]) => `| ${cells.filter((_, at) => used[at]).join(' | ')} |`;
  return [line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Joins the paragraphs that are not empty. */
export const paragraphs = (...parts: readonly string[]) => parts.filter(Boolean).join('\n\n');
