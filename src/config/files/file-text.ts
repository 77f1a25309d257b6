import { isUtf8 } from 'node:buffer';
import { type ParseError, parse } from 'jsonc-parser';
import { FileProblem } from './file-problem.ts';

const UTF_16_MARKS = ['fffe', 'feff'];

/**
 * Returns the text of a file without the byte-order mark that Windows tools write. Throws a {@link FileProblem} if it is not
 * UTF-8.
 */
export function decodeFile(bytes: Buffer): string {
  if (UTF_16_MARKS.includes(bytes.toString('hex', 0, 2)))
    throw new FileProblem('it is UTF-16: save it as UTF-8');
  if (!isUtf8(bytes)) throw new FileProblem('it is not UTF-8');
  const text = bytes.toString('utf8');
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

/** Returns the JSON of a text, or where its first mistake is. The message of V8 would quote the text. */
export function parseJson(text: string): { readonly json: unknown } | { readonly mistake: string } {
  try {
    return { json: JSON.parse(text) };
  } catch {
    const errors: ParseError[] = [];
    parse(text, errors, { disallowComments: true });
    const before = text.slice(0, errors[0]?.offset ?? text.length).split('\n');
    return {
      mistake: `is not valid JSON at line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`,
    };
  }
}
