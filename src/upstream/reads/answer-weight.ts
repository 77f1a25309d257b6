// What parsed answers take on the heap, measured with full and with minimal values of each model; an upper bound within
// a fifth for all of them. An entry is its place in the cache, its times, and the note of its text below.
const ENTRY_BYTES = 320;
const OBJECT_BYTES = 960;
const ROW_BYTES = 160;

const textBytes = new WeakMap<object, number>();

// A body without these is held one byte a character, and so is each text in it; one of them in a text makes two of all.
const WIDE = /[\u0100-\uffff]/;

/**
 * Notes how long the body was that a value was read from, which is what its texts can take at most, and returns the value. Measuring each row of a list
 * instead would hold up everybody for as long as reading it.
 */
export function noteBody<T>(value: T, body: string): T {
  if (typeof value !== 'object' || value === null) return value;
  const isWide = WIDE.test(body) || body.includes('\\u');
  textBytes.set(value, body.length * (isWide ? 2 : 1));
  return value;
}

/** About what an answer takes on the heap together with the text that it is kept under, in bytes. */
export function weigh(key: string, value: unknown): number {
  const entry = ENTRY_BYTES + key.length;
  if (value === null) return entry;
  const text = typeof value === 'object' ? textBytes.get(value) : undefined;
  if (text === undefined) return entry + OBJECT_BYTES + walk(value);
  return entry + text + (Array.isArray(value) ? ROW_BYTES * value.length : OBJECT_BYTES);
}

/** The same for a value that no body is known of. */
function walk(value: unknown): number {
  if (typeof value === 'string') return 24 + 2 * value.length;
  if (typeof value !== 'object' || value === null) return 8;
  let bytes = 48;
  for (const item of Object.values(value)) bytes += 16 + walk(item);
  return bytes;
}
