import type { ExportOptions } from './export.ts';
import { type FormatName, formatNames } from './format.ts';

/** The flags of the command as they were written. */
export interface ExportFlags {
  readonly out?: string;
  readonly format?: string;
  readonly tenant?: string;
}

/** Returns the options, or what is wrong with the flags. The ending of the file decides its format unless a flag does. */
export function readExportFlags({ out, format, tenant }: ExportFlags): ExportOptions | readonly string[] {
  if (out === undefined) return ['--out: must be set to the file to write'];
  const wanted = format ?? (out.endsWith('.jsonl') ? 'jsonl' : 'csv');
  if (!isFormat(wanted)) return [`--format: must be one of ${formatNames.join(', ')}`];
  return { out, format: wanted, tenant };
}

const isFormat = (text: string): text is FormatName => (formatNames as readonly string[]).includes(text);
