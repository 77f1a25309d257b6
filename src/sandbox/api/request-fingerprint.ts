import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';

/** The same for two requests that say the same: the order of keys and the spaces between them do not count. */
export function fingerprintOf(body: Buffer): string {
  const hash = createHash('sha256');
  try {
    if (isUtf8(body)) return hash.update(canonical(parse(body))).digest('base64');
  } catch {
    // Not JSON, or nested deeper than the stack.
  }
  // The same bytes are the same request.
  return hash.update(body).digest('base64');
}

/** A number as it is written: read as a number, 1e999 is infinite and long ones lose their last digits. */
class NumberText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Reviver = (key: string, value: unknown, context: { source: string }) => unknown;
// The text that a value was read from is there in every Node that is supported, and not yet in TypeScript's library.
const parseWith = JSON.parse as (text: string, reviver: Reviver) => unknown;

function parse(body: Buffer): unknown {
  return parseWith(body.toString(), (_, value, { source }) =>
    typeof value === 'number' ? new NumberText(source) : value,
  );
}

// Equal for two JSON values that differ in the order of their keys only.
function canonical(value: unknown): string {
  if (value instanceof NumberText) return value.text;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${entries.map(([key, part]) => `${JSON.stringify(key)}:${canonical(part)}`).join(',')}}`;
}
