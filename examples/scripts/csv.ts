/**
 * Returns a line of CSV (RFC 4180). Spreadsheets run a cell that begins with = + - @ or a control character as a
 * formula, and names come from merchants: such a cell gets an apostrophe in front, which makes it text.
 */
export function csvLine(cells: readonly (string | null | undefined)[]): string {
  return `${cells.map((cell) => quoted(asText(cell ?? ''))).join(',')}\r\n`;
}

const asText = (cell: string) => (/^[=+\-@\t\r\n]/.test(cell) ? `'${cell}` : cell);
const quoted = (cell: string) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
