import { cleanText } from '../upstream/models/clean-text.ts';

// A line has at most 8 KB: these bytes, plus level, time, message and the fields of a child logger.
const MOST_BYTES = 6_000;
const LONGEST_TEXT = 1_024;
const LONGEST_STACK = 2_048;
const LONGEST_NAME = 64;
const MOST_ITEMS = 50;
const MOST_LEVELS = 5;
const MOST_CAUSES = 3;
const CUT = '[cut]';

/** How many bytes of a line are left. */
interface Budget {
  bytes: number;
}

/** Makes text of a client, of the upstream or of an error safe for a log line. */
const logText = (text: string, most = LONGEST_TEXT) => cleanText(text, most);

/** Returns the message of a line. Its bytes are bounded too, since a UTF-16 unit takes up to three. */
export function logMessage(message: string): string {
  return takeText(message, { bytes: LONGEST_TEXT }, LONGEST_TEXT);
}

/** Returns the fields of a line, cleaned and truncated. An `Error` becomes its type, message, code, stack and causes. */
export function logFields(
  fields: Readonly<Record<string, unknown>>,
  most = MOST_BYTES,
): Record<string, unknown> {
  return takeObject(fields, { bytes: most }, MOST_LEVELS);
}

function take(value: unknown, budget: Budget, levels: number): unknown {
  if (typeof value === 'string') return takeText(value, budget, LONGEST_TEXT);
  if (typeof value === 'bigint') return takeText(String(value), budget, LONGEST_NAME);
  if (typeof value !== 'object' || value === null) {
    budget.bytes -= 24;
    return typeof value === 'function' || typeof value === 'symbol' ? undefined : value;
  }
  if (levels === 0 || budget.bytes <= 0) return CUT;
  if (value instanceof Error) return takeError(value, budget, MOST_CAUSES);
  if ('toJSON' in value && typeof value.toJSON === 'function')
    return take(value.toJSON(), budget, levels - 1);
  if (!Array.isArray(value)) return takeObject(value as Record<string, unknown>, budget, levels);
  const items = [];
  for (const item of value.slice(0, MOST_ITEMS)) {
    if (budget.bytes <= 0) break;
    items.push(take(item, budget, levels - 1));
  }
  return items;
}

function takeObject(
  fields: Readonly<Record<string, unknown>>,
  budget: Budget,
  levels: number,
): Record<string, unknown> {
  const taken: Record<string, unknown> = {};
  let items = 0;
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    if (++items > MOST_ITEMS || budget.bytes <= 0) break;
    taken[takeText(name, budget, LONGEST_NAME)] = take(value, budget, levels - 1);
  }
  return taken;
}

// Other properties of an error may contain anything: headers, bodies, input.
function takeError(error: Error, budget: Budget, causes: number): Record<string, unknown> {
  const { code } = error as NodeJS.ErrnoException;
  const text = (value: unknown, most: number) => takeText(String(value), budget, most);
  return {
    type: text(error.name, LONGEST_NAME),
    message: text(error.message, LONGEST_TEXT),
    ...(typeof code === 'string' && { code: text(code, LONGEST_NAME) }),
    ...(error.cause !== undefined &&
      causes > 0 && {
        cause:
          error.cause instanceof Error
            ? takeError(error.cause, budget, causes - 1)
            : text(typeof error.cause === 'string' ? error.cause : typeof error.cause, LONGEST_TEXT),
      }),
    ...(error.stack !== undefined && {
      stack: error.stack.split('\n', 20).map((line) => text(line.trim(), LONGEST_STACK / 8)),
    }),
  };
}

const PLAIN = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;
const bytesOf = (text: string) =>
  PLAIN.test(text) ? text.length + 4 : Buffer.byteLength(JSON.stringify(text)) + 2;

function takeText(text: string, budget: Budget, most: number): string {
  let clean = logText(text, most);
  let bytes = bytesOf(clean);
  // Quotes and characters outside ASCII take more bytes than UTF-16 units.
  while (bytes > Math.max(budget.bytes, 0) && clean.length > CUT.length) {
    clean = cleanText(clean, Math.max(1, Math.floor(clean.length / 2)));
    bytes = bytesOf(clean);
  }
  budget.bytes -= bytes;
  return clean;
}
